// Tells the thoughts of a model from its answer. Plain values, no page.
const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Splits what was written so far. Thoughts stand at the beginning, between tags; some templates write the first tag into the prompt,
 * so the closing one alone counts too. While a tag may still be on its way, its beginning belongs to neither.
 */
export function split(text) {
  const start = text.trimStart();
  if (start.startsWith(OPEN)) {
    const end = start.indexOf(CLOSE);
    return end < 0 ? {reasoning: start.slice(OPEN.length).trimStart(), answer: '', thinking: true}
        : {reasoning: start.slice(OPEN.length, end).trimStart(), answer: start.slice(end + CLOSE.length).trimStart(), thinking: false};
  }
  if (start.length < OPEN.length && OPEN.startsWith(start)) return {reasoning: '', answer: '', thinking: false};
  const end = text.indexOf(CLOSE);
  return end < 0 || text.slice(0, end).includes('```') ? {reasoning: '', answer: text, thinking: false}
      : {reasoning: text.slice(0, end), answer: text.slice(end + CLOSE.length).trimStart(), thinking: false};
}
