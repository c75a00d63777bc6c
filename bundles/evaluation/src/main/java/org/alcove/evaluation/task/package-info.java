/** Scores a model by tasks with known answers: multiple choice, last words, continuations. */
package org.alcove.evaluation.task;
