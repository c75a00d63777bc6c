/**
 * Speaks the OpenAI REST protocol.
 *
 * <p>One servlet ({@link org.alcove.openai.OpenAiServlet}) is the door: it checks the origin, the key, the path and the method
 * and maps every failure to the protocol's error object. Behind it an {@link org.alcove.openai.Endpoint} reads the body by a
 * table of fields ({@link org.alcove.openai.FieldTable}), so that a field either works, is accepted without effect for a reason
 * that is written down, or is refused by name; runs the choices side by side ({@link org.alcove.openai.ParallelChoices}); and
 * writes them in the shape of its object ({@link org.alcove.openai.AnswerShape}), as a stream of events or whole.
 */
package org.alcove.openai;
