/**
 * Holds what our pages share: how their files are served, and the files that all have. Bundles with pages contain their own copy
 * of this package, made at build time ({@code -conditionalpackage: org.alcove.web}): nobody exports or imports it.
 *
 * <p>A bundle keeps its files in a folder beside its servlet, and the servlet hands each request to
 * {@link org.alcove.web.PageFiles}. What lies in this package itself is reached below {@code shared/}:
 *
 * <ul>
 * <li>{@code tokens.css}: colours, distances and type as custom properties, light and dark; plain elements; the classes
 * {@code primary}, {@code danger}, {@code quiet} (buttons), {@code actions}, {@code field}, {@code check}, {@code card},
 * {@code badge}, {@code good}, {@code warn}, {@code bad}, {@code notice}, {@code hidden} (for screen readers only)
 * <li>{@code dom.js}: {@code h}, {@code button}, {@code field}, {@code select}, {@code badge}, {@code say}, {@code ask},
 * {@code confirm}, {@code show}: elements whose text is only ever text, dialogs that keep the focus, notices that are read out
 * <li>{@code words.js}: {@code language}, {@code speak}, {@code translator}: the key of a text is the English text
 * <li>{@code memory.js}: {@code lasting}, {@code passing}: what is remembered in the browser, or while the page is open
 * <li>{@code theme.js}: {@code theme}, {@code dress}: auto, light or dark
 * </ul>
 */
package org.alcove.web;
