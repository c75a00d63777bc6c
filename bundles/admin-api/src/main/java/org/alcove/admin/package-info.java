/**
 * Speaks the admin REST protocol.
 */
package org.alcove.admin;
