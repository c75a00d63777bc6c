// Builds elements. Text is only ever text: names of files, bundles and models come from elsewhere and may hold anything.
import {t} from './words.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An element. Properties beginning with "on" are listeners, "class" and aria names are attributes; children are nodes or text. */
export function h(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same in SVG. */
export function s(name, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else element.setAttribute(key, String(value));
  }
  element.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
  return element;
}

/** A button. */
export function button(label, action, properties = {}) {
  return h('button', {type: 'button', onclick: action, ...properties}, label);
}

/** A labelled field; the control gets the label's text as its name. */
export function field(label, control, help) {
  return h('label', {class: 'field'}, h('span', {}, label), control, help && h('small', {}, help));
}

/** A list to choose from; choices are texts or [value, text]. */
export function select(choices, chosen, properties = {}) {
  return h('select', properties, choices.map(choice => {
    const [value, text] = Array.isArray(choice) ? choice : [choice, choice];
    return h('option', {value, selected: value === chosen}, text);
  }));
}

/** A table; rows are lists of cells, the first cell of a row names it. */
export function table(caption, heads, rows, empty = t('Nothing here yet.')) {
  if (rows.length === 0) return h('p', {class: 'empty'}, empty);
  const body = rows.map(row => h('tr', {}, row.map((cell, i) =>
      i === 0 ? h('th', {scope: 'row'}, cell) : h('td', {'data-head': heads[i]}, cell))));
  return h('div', {class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0'}, h('table', {},
      h('caption', {class: 'hidden'}, caption),
      h('thead', {}, h('tr', {}, heads.map(head => h('th', {scope: 'col'}, head)))), h('tbody', {}, body)));
}

/** A word with a colour of its own; the colour only repeats what the word says. */
export function badge(text, kind = 'plain') {
  return h('span', {class: 'badge ' + kind}, text);
}

/** A part of a page. */
export function card(title, ...children) {
  return h('section', {class: 'card'}, h('h2', {}, title), ...children);
}

/** Says something to everybody, screen readers included. */
export function say(text, kind = 'good') {
  const place = document.getElementById('notices');
  const notice = h('div', {class: 'notice ' + kind, role: kind === 'bad' ? 'alert' : 'status'}, h('span', {}, text),
      button('×', () => notice.remove(), {class: 'quiet', 'aria-label': t('Close')}));
  place.append(notice);
  if (kind !== 'bad') setTimeout(() => notice.remove(), 8000);
}

/** Tells a failure as the server told it. */
export function fail(error) {
  say(error.message, 'bad');
}

/** Asks before something that is not easily undone; resolves to whether it is wanted. */
export function confirm(title, text, action) {
  return ask(title, [h('p', {}, text)], action).then(result => result !== null);
}

/** A dialog with a form; resolves to its values, or null where it was left. */
export function ask(title, content, action) {
  const {promise, resolve} = Promise.withResolvers();
  const form = h('form', {method: 'dialog'}, h('h2', {id: 'dialog-title'}, title), content,
      h('div', {class: 'actions'}, button(t('Cancel'), () => dialog.close('')),
          h('button', {type: 'submit', value: 'yes', class: 'primary'}, action)));
  const dialog = h('dialog', {'aria-labelledby': 'dialog-title', onclose: () => {
    resolve(dialog.returnValue === 'yes' ? Object.fromEntries(new FormData(form)) : null);
    dialog.remove();
  }}, form);
  form.addEventListener('submit', event => {
    event.preventDefault();
    dialog.close('yes');
  });
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}

/** Shows content in a dialog until it is closed. */
export function show(title, ...content) {
  const dialog = h('dialog', {'aria-labelledby': 'dialog-title', onclose: () => dialog.remove()},
      h('h2', {id: 'dialog-title'}, title), ...content,
      h('div', {class: 'actions'}, button(t('Close'), () => dialog.close(), {class: 'primary'})));
  document.body.append(dialog);
  dialog.showModal();
}
