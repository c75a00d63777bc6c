/**
 * Shows the page people chat on: its files at {@code /} and below {@code /chat/}. The page speaks to {@code /v1}, like any other
 * client, and keeps conversations in the browser.
 */
package org.alcove.chat;
