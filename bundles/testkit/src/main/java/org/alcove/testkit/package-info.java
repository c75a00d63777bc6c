/**
 * The promises every kernel, policy, template and guard must keep, as tests that plug-in authors run too.
 */
package org.alcove.testkit;
