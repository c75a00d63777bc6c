/** Shows requests and answers to the guards that are installed, and bounds what a faulty one can do. */
package org.alcove.core.guard;
