/**
 * Lets a front end that stops end its answers, and send away who asks anew. Not exported: it is copied into the bundles that need
 * it.
 */
package org.alcove.web.stopping;
