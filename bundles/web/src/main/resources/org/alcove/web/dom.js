// Builds elements. Text is only ever text: what models, files and bundles are called comes from elsewhere and may hold anything.
import {translator} from './words.js';

const t = translator({'Cancel': '取消', 'Close': '关闭'});
const SVG = 'http://www.w3.org/2000/svg';

/** An element. Properties beginning with "on" are listeners, all others attributes; children are nodes or text. */
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
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
  return element;
}

/** A button. */
export function button(label, action, properties = {}) {
  return h('button', {type: 'button', onclick: action, ...properties}, label);
}

/** A picture of one path in a box of 24 by 24; it says nothing to a screen reader. */
export function icon(path) {
  return s('svg', {class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false'}, s('path', {d: path}));
}

/** A button that shows a picture; the label is its name and its tooltip. */
export function iconButton(path, label, action, properties = {}) {
  return button(icon(path), action, {class: 'quiet', 'aria-label': label, title: label, ...properties});
}

/** A labelled field. */
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

/** A word with a colour of its own; the colour only repeats what the word says. */
export function badge(text, kind = 'plain') {
  return h('span', {class: 'badge ' + kind}, text);
}

/** Says something to everybody, screen readers included; the page has an element with the id "notices". */
export function say(text, kind = 'good') {
  const notice = h('div', {class: 'notice ' + kind, role: kind === 'bad' ? 'alert' : 'status'}, h('span', {}, text),
      button('×', () => notice.remove(), {class: 'quiet', 'aria-label': t('Close')}));
  document.getElementById('notices').append(notice);
  if (kind !== 'bad') setTimeout(() => notice.remove(), 8000);
}

/** Asks before something that is not easily undone; resolves to whether it is wanted. */
export function confirm(title, text, action) {
  return ask(title, [h('p', {}, text)], action).then(values => values !== null);
}

/**
 * A dialog with a form; resolves to its values, or null where it was left. Where something is to be done with the values, the dialog
 * stays until that is done, and resolves to what came of it: what is refused is said within, and nothing that was typed is lost.
 */
export function ask(title, content, action, attempt = values => values) {
  const {promise, resolve} = Promise.withResolvers();
  let trying = false;
  let result = null;
  const fault = h('p', {class: 'notice bad', role: 'alert', hidden: true});
  const form = h('form', {method: 'dialog'}, h('h2', {id: 'dialog-title'}, title), content, fault,
      h('div', {class: 'actions'}, button(t('Cancel'), () => dialog.close()),
          h('button', {type: 'submit', class: 'primary'}, action)));
  const dialog = h('dialog', {'aria-labelledby': 'dialog-title', onclose: () => {
    dialog.remove();
    if (!trying) resolve(result);
  }}, form);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (trying) return;
    trying = true;
    fault.hidden = true;
    try {
      result = await attempt(Object.fromEntries(new FormData(form)));
      trying = false;
      if (dialog.open) dialog.close();
      else resolve(result);
    } catch (error) {
      trying = false;
      if (dialog.open) return tell(error.message);
      say(error.message, 'bad');
      resolve(null);
    }
  });
  const tell = text => {
    fault.textContent = text;
    fault.hidden = false;
  };
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
  return dialog;
}
