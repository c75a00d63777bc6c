// Where the reader writes: text, attached files, send and stop.
import {button, h, icon, iconButton, say} from './shared/dom.js';
import {ICONS} from './icons.js';
import {t} from './text.js';

const LARGEST_KIB = 512;
const MOST_ROWS = 10;

/** The form; the actions are send(text, files) and stop. */
export class Composer {
  #actions;
  #files = [];
  #running = false;
  #text = h('textarea', {id: 'message', rows: 1, dir: 'auto', placeholder: t('Write a message'), 'aria-label': t('Message'),
    'aria-describedby': 'keys', onkeydown: event => this.#key(event), oninput: () => this.#fit()});
  #list = h('ul', {class: 'files'});
  #input = h('input', {type: 'file', multiple: true, hidden: true, id: 'files', onchange: () => this.#take()});
  #go = button(icon(ICONS.send), () => this.#running ? this.#actions.stop() : this.#send(),
      {class: 'primary round', id: 'go', 'aria-label': t('Send'), title: t('Send')});

  constructor(actions) {
    this.#actions = actions;
    this.place = h('form', {class: 'composer', onsubmit: event => event.preventDefault()}, this.#list,
        h('div', {class: 'line'}, iconButton(ICONS.attach, t('Attach text files'), () => this.#input.click()), this.#input,
            this.#text, this.#go), h('p', {class: 'under', id: 'keys'}, t('Enter sends, Shift+Enter begins a new line, Escape stops.')));
  }

  focus() {
    this.#text.focus();
  }

  /** Whether the button stops or sends. */
  running(now) {
    this.#running = now;
    this.#go.replaceChildren(icon(now ? ICONS.stop : ICONS.send));
    this.#go.setAttribute('aria-label', now ? t('Stop') : t('Send'));
    this.#go.title = now ? t('Stop') : t('Send');
    this.#go.classList.toggle('stop', now);
  }

  #key(event) {
    // While an input method composes, Enter chooses a character.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!this.#running) this.#send();
    }
  }

  #send() {
    const text = this.#text.value;
    if (text.trim() === '' && this.#files.length === 0) return;
    if (!this.#actions.send(text, this.#files)) return;
    this.#text.value = '';
    this.#files = [];
    this.#draw();
    this.#fit();
  }

  /** As many rows as the text needs, its long lines wrapped, up to ten. */
  #fit() {
    const text = this.#text;
    text.rows = Math.min(MOST_ROWS, Math.max(1, text.value.split('\n').length));
    while (text.scrollHeight > text.clientHeight && text.rows < MOST_ROWS) text.rows++;
  }

  async #take() {
    const files = [...this.#input.files];
    this.#input.value = '';
    for (const file of files) {
      const text = file.size <= LARGEST_KIB * 1024 ? await read(file) : null;
      if (text === null) {
        say(t('{name} is no text, or larger than {n} KiB; it was not attached.', {name: file.name, n: LARGEST_KIB}), 'bad');
      } else {
        this.#files.push({name: file.name, text});
      }
    }
    this.#draw();
  }

  #draw() {
    this.#list.replaceChildren(...this.#files.map((file, i) => h('li', {}, h('bdi', {}, file.name),
        button('×', () => {
          this.#files.splice(i, 1);
          this.#draw();
        }, {class: 'quiet', 'aria-label': t('Remove {name}', {name: file.name})}))));
  }
}

async function read(file) {
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(await file.arrayBuffer());
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
