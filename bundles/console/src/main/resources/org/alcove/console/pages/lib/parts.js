// Parts that the console's pages have in common.
import {ask, confirm, h, say} from '../shared/dom.js';
import {t} from './words.js';

/** A part of a page. */
export function card(title, ...children) {
  return h('section', {class: 'card'}, h('h2', {}, title), ...children);
}

/** A table; rows are lists of cells, the first cell of a row names it. */
export function table(caption, heads, rows, empty = t('Nothing here yet.')) {
  if (rows.length === 0) return h('p', {class: 'empty'}, empty);
  const body = rows.map(row => h('tr', {}, row.map((cell, i) =>
      i === 0 ? h('th', {scope: 'row'}, cell) : h('td', {'data-head': heads[i]}, cell))));
  const head = heads.map(text => text === '' ? h('td') : h('th', {scope: 'col'}, text));
  return h('div', {class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0'}, h('table', {},
      h('caption', {class: 'hidden'}, caption), h('thead', {}, h('tr', {}, head)), h('tbody', {}, body)));
}

/** Does something on the server, says what came of it, and shows the page anew. */
export async function act(what, done) {
  try {
    const result = await what();
    if (done) say(done);
    return result;
  } catch (error) {
    say(error.message, 'bad');
    return null;
  } finally {
    dispatchEvent(new Event('refresh'));
  }
}

/** The same, after a question. */
export async function sure(title, text, action, what, done) {
  if (await confirm(title, text, action)) await act(what, done);
}

/**
 * Asks for what is to be done, and does it on the server: what that refuses is said in the dialog, which stays. Resolves to what came
 * of it, or null where the dialog was left.
 */
export async function order(title, content, action, what) {
  const result = await ask(title, content, action, what);
  if (result !== null) dispatchEvent(new Event('refresh'));
  return result;
}

/** What plugs in, as people call it; a kind that this console does not know is called as the server calls it. */
const KINDS = {kernel: () => t('Kernel'), policy: () => t('Policy'), template: () => t('Template'), frontend: () => t('Front end'),
  guard: () => t('Guard'), other: () => t('Other')};

export const called = name => Object.hasOwn(KINDS, name) ? KINDS[name]() : name;

/** Kinds of badges for the states the server names. */
export function kind(state) {
  if (['ready', 'active', 'done', 'none'].includes(state)) return 'good';
  if (['failed', 'gone', 'refused', 'refuses'].includes(state)) return 'bad';
  return ['paused', 'late', 'draining', 'pauses', 'slower', 'unguarded', 'cancelled'].includes(state) ? 'warn' : 'plain';
}
