/**
 * Says at which methods paths are asked that only show something. Not exported: it is copied into the bundles that need it.
 */
package org.alcove.web.readonly;
