/**
 * Chooses the worker with the smallest queue for its speed.
 */
package org.alcove.scheduler.shortestqueue;
