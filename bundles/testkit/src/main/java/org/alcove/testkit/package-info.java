/**
 * The promises every kernel, policy and template must keep, as tests that plug-in authors run too.
 */
package org.alcove.testkit;
