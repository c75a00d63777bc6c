// Words in the reader's language. The key is the English text itself; braces hold names of values.
import {lasting} from './memory.js';

const STORED = 'alcove.language';

function chosen() {
  const stored = lasting.get(STORED);
  if (stored === 'en' || stored === 'zh') return stored;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const language = chosen();

/** A function that gives a text in the reader's language with the values put in. */
export function translator(chinese) {
  return (text, values = {}) => {
    const words = language === 'zh' ? chinese[text] ?? text : text;
    return words.replace(/\{(\w+)\}/g, (all, name) => name in values ? String(values[name]) : all);
  };
}

/** Keeps the choice and shows the page anew. */
export function speak(code) {
  lasting.put(STORED, code);
  location.reload();
}
