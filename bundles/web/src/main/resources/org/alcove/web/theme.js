// Light, dark, or as the system wants it. The choice is shared by all pages of this server.
const STORED = 'alcove.theme';

/** What the reader chose: auto, light or dark. */
export function theme() {
  const stored = localStorage.getItem(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

/** Keeps a choice and shows it. */
export function dress(choice = theme()) {
  localStorage.setItem(STORED, choice);
  document.documentElement.dataset.theme = choice;
}
