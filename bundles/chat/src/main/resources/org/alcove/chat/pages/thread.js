// The shown branch of a conversation, message by message.
import {button, h, iconButton} from './shared/dom.js';
import {language} from './shared/words.js';
import {ICONS} from './icons.js';
import {MarkdownView} from './markdown.js';
import {copy} from './rich.js';
import {split} from './reasoning.js';
import {choose, path, siblings} from './tree.js';
import {t} from './text.js';
import {elsewhere} from './writers.js';

const fine = new Intl.NumberFormat(language, {maximumFractionDigits: 1});

/** Draws the messages of a tree; the actions are edit, again, retry and show. */
export class Thread {
  #actions;
  #views = new Map();
  #tree = null;

  constructor(actions) {
    this.#actions = actions;
    this.place = h('div', {class: 'thread', id: 'thread'});
  }

  /** Shows the chosen branch; views of messages that stay are kept. */
  draw(tree) {
    if (tree !== this.#tree) this.#views.clear();
    this.#tree = tree;
    const shown = path(tree);
    const nodes = shown.map(message => {
      if (!this.#views.has(message.id)) this.#views.set(message.id, new MessageView(message, this.#actions));
      const view = this.#views.get(message.id);
      view.branches(tree, () => this.#actions.show(tree));
      return view.place;
    });
    for (const [i, node] of nodes.entries()) {
      if (this.place.children[i] !== node) this.place.insertBefore(node, this.place.children[i] ?? null);
    }
    while (this.place.children.length > nodes.length) this.place.lastElementChild.remove();
    for (const id of this.#views.keys()) if (!(id in tree.messages)) this.#views.delete(id);
  }

  /** Shows what has changed in one message. */
  update(message, running) {
    this.#views.get(message.id)?.update(running);
  }
}

class MessageView {
  #message;
  #actions;
  #text = null;
  #thoughts = null;
  #body = h('div', {class: 'text'});
  #reasoning = h('details', {class: 'reasoning', hidden: true}, h('summary', {}, t('Reasoning')));
  #wait = h('p', {class: 'wait', hidden: true});
  #fault = h('div', {class: 'fault', hidden: true});
  #ending = h('p', {class: 'ending', hidden: true});
  #counting = 0;
  #figures = h('p', {class: 'figures'});
  #versions = h('span', {class: 'versions'});

  constructor(message, actions) {
    this.#message = message;
    this.#actions = actions;
    const user = message.role === 'user';
    const who = user ? t('You') : message.model || t('Assistant');
    this.place = h('article', {class: 'message ' + message.role, 'aria-label': who, 'data-id': message.id},
        h('header', {}, h('span', {dir: 'auto'}, who)), (message.files ?? []).map(attached), !user && this.#reasoning, this.#body,
        !user && [this.#wait, this.#ending, this.#fault], h('footer', {}, this.#versions, this.#buttons(user), this.#figures));
    if (user) {
      this.#body.dir = 'auto';
      this.#body.textContent = message.text;
    } else {
      this.update(actions.running(message));
    }
  }

  #buttons(user) {
    const message = this.#message;
    return h('span', {class: 'actions'},
        iconButton(ICONS.copy, t('Copy'), () => copy(user ? message.text : split(message.text).answer)),
        user ? iconButton(ICONS.edit, t('Edit'), () => this.#actions.edit(message))
            : iconButton(ICONS.again, t('Answer again'), () => this.#actions.again(message)));
  }

  /** The other versions of this message. */
  branches(tree, changed) {
    const ids = siblings(tree, this.#message.id);
    const at = ids.indexOf(this.#message.id);
    this.#versions.replaceChildren();
    if (ids.length < 2) return;
    const go = step => () => {
      choose(tree, ids[at + step]);
      changed();
    };
    this.#versions.append(iconButton(ICONS.before, t('Version before'), go(-1), {disabled: at === 0}),
        h('span', {}, (at + 1) + '/' + ids.length),
        iconButton(ICONS.after, t('Next version'), go(1), {disabled: at === ids.length - 1}));
  }

  /** Shows the text so far, or the whole of it; a question stands there whole from the beginning. */
  update(running) {
    const message = this.#message;
    if (message.role === 'user') return;
    const parts = split(message.text);
    const thoughts = (message.reasoning ?? '') + parts.reasoning;
    if (thoughts !== '') {
      this.#reasoning.hidden = false;
      this.#reasoning.firstElementChild.textContent = running && parts.answer === '' ? t('Thinking…') : t('Reasoning');
      this.#thoughts ??= new GrowingText(this.#reasoning.appendChild(h('div', {class: 'text'})));
      this.#thoughts.show(thoughts, !running);
    }
    this.#text ??= new GrowingText(this.#body);
    this.#text.show(parts.answer, !running);
    this.place.classList.toggle('running', running);
    this.place.setAttribute('aria-busy', String(running));
    this.#showWait(running && message.text === '' && !message.reasoning);
    this.#showEnding(running ? '' : ending(message));
    this.#showFault(running ? null : message.fault ?? (isCut(message) ? {message: t('The page was closed while the answer was coming.')} : null));
    this.#figures.textContent = figures(message);
  }

  #showWait(waiting) {
    this.#wait.hidden = !waiting;
    this.#wait.textContent = this.#message.wait ?? t('Waiting for the first word…');
  }

  #showEnding(said) {
    this.#ending.hidden = said === '';
    this.#ending.textContent = said;
  }

  #showFault(fault) {
    this.#fault.hidden = !fault;
    clearInterval(this.#counting);
    if (!fault) return this.#fault.replaceChildren();
    const retry = h('div', {class: 'actions'}, button(t('Try again'), () => this.#retry(false), {class: 'primary'}));
    if (fault.at > Date.now()) this.#count(fault.at, retry);
    this.#fault.replaceChildren(h('p', {}, h('strong', {}, t('No answer: ')), h('span', {dir: 'auto'}, fault.message)),
        h('p', {class: 'under'}, [fault.status ? 'HTTP ' + fault.status : '', fault.code,
          fault.retryAfter ? t('come again in {n} s', {n: fault.retryAfter}) : ''].filter(Boolean).join(' · ')), retry);
  }

  #retry(byItself) {
    clearInterval(this.#counting);
    this.#actions.retry(this.#message, byItself);
  }

  /** Counts down to the time at which the page asks again by itself; says nothing aloud, and ends where the reader goes elsewhere. */
  #count(at, place) {
    const left = h('span', {class: 'countdown', 'aria-live': 'off'});
    const end = () => {
      clearInterval(this.#counting);
      left.remove();
      leave.remove();
    };
    const leave = button(t('Do not try again'), () => {
      delete this.#message.fault.at;
      end();
    });
    const tell = () => {
      const seconds = Math.ceil((at - Date.now()) / 1000);
      left.textContent = t('The page tries again in {n} s.', {n: Math.max(0, seconds)});
      if (seconds > 0) return;
      end();
      if (this.place.isConnected) this.#retry(true);
    };
    place.append(leave, left);
    this.#counting = setInterval(tell, 250);
    tell();
  }
}

/** A text that is rendered on from where it was; where it has become another one (thoughts known by their end only), anew. */
class GrowingText {
  #place;
  #view = null;
  #shown = '';

  constructor(place) {
    this.#place = place;
  }

  show(text, complete) {
    if (this.#view !== null && !text.startsWith(this.#shown)) {
      this.#place.replaceChildren();
      this.#view = null;
    }
    this.#shown = text;
    if (text === '') return;
    this.#view ??= new MarkdownView(this.#place);
    this.#view.show(text, complete);
  }
}

function attached(file) {
  return h('details', {class: 'file'}, h('summary', {}, h('bdi', {}, file.name)), h('pre', {dir: 'auto', tabindex: 0}, file.text));
}

/**
 * Who ended an answer before its end; empty where it came to it. The wire tells that a guard did, not which and not why, and no word
 * that it withheld is sent later.
 */
function ending(message) {
  if (message.finish !== 'content_filter') return '';
  return message.text === '' && !message.reasoning
      ? t('A guard, which checks answers while they are written, ended this one before its first word. It does not tell why.')
      : t('A guard, which checks answers while they are written, ended this one here. It does not tell why; what is shown is all there is.');
}

/** Whether an answer was on its way when it was last kept, came to no end, and nobody here writes on. */
const isCut = message => message.coming && !message.finish && !elsewhere(message.id);

/** What one answer cost: tokens, how fast, how long until the first. */
export function figures(message) {
  if (message.role !== 'assistant') return '';
  const said = [];
  if (message.stopped) said.push(t('stopped'));
  if (message.finish === 'length') said.push(t('cut at the most tokens'));
  if (message.usage) said.push(t('{n} tokens', {n: message.usage.completion_tokens}));
  if (message.speed) said.push(t('{n} tokens/s', {n: fine.format(message.speed)}));
  if (message.first) said.push(message.first < 1000 ? t('first after {n} ms', {n: Math.round(message.first)})
    : t('first after {n} s', {n: fine.format(message.first / 1000)}));
  return said.join(' · ');
}
