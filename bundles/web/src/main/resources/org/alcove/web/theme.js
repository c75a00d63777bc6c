// Light, dark, or as the system wants it. The choice is shared by all pages of this server.
import {lasting} from './memory.js';

const STORED = 'alcove.theme';

/** What the reader chose: auto, light or dark. */
export function theme() {
  const stored = lasting.get(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

/** Keeps a choice and shows it. */
export function dress(choice = theme()) {
  lasting.put(STORED, choice);
  document.documentElement.dataset.theme = choice;
}
