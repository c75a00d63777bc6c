// Where conversations are kept: in this browser, or, where the reader chooses so, on the server.
import {button, confirm, field, h, say, show} from './shared/dom.js';
import {Boxed, code, newCode, openLocal, openStore, useCode} from './store.js';
import {t} from './text.js';

/** Shows where they are and lets the reader choose; moved() takes over the store that holds from then on. */
export function keeping(store, moved) {
  const fault = h('p', {class: 'fault', role: 'alert', hidden: true});
  const act = action => async () => {
    try {
      if (await action() === false) return;
      dialog.close();
      await moved(await openStore());
    } catch (error) {
      fault.textContent = t('Nothing was moved: {why}', {why: error.message});
      fault.hidden = false;
    }
  };
  const dialog = show(t('Where conversations are kept'), ...(store.remote ? onServer(store, act) : inBrowser(store, act)), fault);
}

function inBrowser(store, act) {
  const given = h('input', {name: 'code', autocomplete: 'off', spellcheck: 'false', maxlength: 64, dir: 'ltr'});
  return [h('p', {}, t('In this browser only. The server keeps none of them.')),
    h('p', {}, t('The server can keep them instead, so that you find them in another browser, too. They lie there sealed with a code that only you have; while you use them the server sees them, and whoever runs it could read along.')),
    h('div', {class: 'actions'}, button(t('Keep mine on the server'), act(() => toServer(store, newCode(), true)), {id: 'to-server'})),
    field(t('Code from another browser'), given, t('Shows the conversations that are kept under it; those of this browser are added to them.')),
    h('div', {class: 'actions'}, button(t('Use this code'), act(() => {
      const typed = given.value.trim().toLowerCase();
      if (!/^[0-9a-f]{64}$/.test(typed)) throw new Error(t('a code has 64 letters a to f and digits'));
      return toServer(store, typed, false);
    }), {id: 'use-code'}))];
}

function onServer(store, act) {
  return [h('p', {}, t('On the server, sealed with this code. Whoever has it can read and delete them; without it nobody can, you included.')),
    h('p', {}, h('code', {id: 'code', dir: 'ltr', class: 'secret'}, code())),
    h('div', {class: 'actions'},
        button(t('Copy'), async () => {
          await navigator.clipboard.writeText(code());
          say(t('Copied.'));
        }),
        button(t('Bring them back to this browser'), act(() => toBrowser(store)), {id: 'to-browser'}),
        button(t('Forget the code here'), act(async () => {
          if (!await confirm(t('Forget the code here'), t('They stay on the server. Without the code nobody finds them again.'), t('Forget'))) return false;
          useCode(null);
        }), {class: 'danger', id: 'forget'}))];
}

/** Copies all, and only then takes them out of the browser. Where one is refused, no copy of the others stays. */
async function toServer(store, chosen, fresh) {
  const there = new Boxed(chosen);
  const before = new Set((await there.all()).map(tree => tree.id));
  const copied = new Map();
  const put = async tree => {
    try {
      await there.put(tree);
    } catch (error) {
      const added = [...copied.keys()].filter(id => !before.has(id));
      await takeAway(() => fresh ? there.clear() : Promise.all(added.map(id => there.remove(id))), chosen);
      throw new Error(t('“{title}” has {bytes} bytes: {why}', {title: tree.title, bytes: new Blob([JSON.stringify(tree)]).size, why: error.message}));
    }
  };
  await copy(store, put, copied);
  await copy(store, put, copied);
  useCode(chosen);
  try {
    await move(store, tree => there.put(tree), copied);
  } catch (error) {
    say(t('Copies may be left in this browser: {why}', {why: error.message}), 'bad');
  }
}

/**
 * Copies what is not copied yet as it is: other tabs write meanwhile, until they hear of the move. So all is copied twice before, and
 * what they read then is there.
 */
async function copy(from, put, copied) {
  const trees = await from.all();
  for (const tree of trees) {
    const text = JSON.stringify(tree);
    if (copied.get(tree.id) !== text) await put(tree);
    copied.set(tree.id, text);
  }
  return trees.length;
}

/** Other tabs that hear of the move late are done after so many rounds. */
const ROUNDS = 10;

/** Takes what was copied out of where it was, and copies before what it was not. */
async function move(from, put, copied) {
  for (let i = 0; i < ROUNDS && await copy(from, put, copied) > 0; i++) {
    for (const [id, text] of copied) await from.take(id, text);
  }
}

/** Takes copies away from the server; where that fails, only the code finds them. */
async function takeAway(action, chosen) {
  try {
    await action();
  } catch (error) {
    say(t('Copies may be left on the server under the code {code}: {why}', {code: chosen, why: error.message}), 'bad');
  }
}

/**
 * Copies all, and only then deletes them on the server; nothing where this page cannot read one. What the server itself cannot read it
 * leaves out without a word, so only what was copied is deleted. Other tabs hear of the move first: what one is writing would be gone
 * from the server, as if it had been deleted.
 */
async function toBrowser(store) {
  const local = await openLocal();
  if (local.reason) throw local.reason;
  const copied = new Map();
  const put = tree => local.put(tree);
  const all = await store.all();
  if (store.unread > 0) {
    throw new Error(t('this page cannot read {n} of {all} conversations, and they would be lost. Reload the page; where that does not help, export all, forget the code here, keeping it elsewhere, and import the file.',
        {n: store.unread, all: store.unread + all.length}));
  }
  await copy(store, put, copied);
  await copy(store, put, copied);
  const left = code();
  useCode(null);
  await takeAway(() => move(store, put, copied), left);
}
