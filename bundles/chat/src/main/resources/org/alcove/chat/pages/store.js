// Conversations in this browser, and nowhere else unless the reader chose the server: then there, under a code that this browser keeps.
import {box} from './api.js';
import {mark, merge} from './merging.js';
import {sane} from './transfer.js';
import {t} from './text.js';

/**
 * What became of a conversation that a page wrote: it is kept; kept together with what other pages had written; it is gone, deleted
 * elsewhere, and was not written; it was gone and is there anew, as the reader went on in it.
 */
export const [KEPT, MERGED, GONE, REVIVED] = ['kept', 'merged', 'gone', 'revived'];

/** Brings together what a page has and what is kept (undefined: nothing), as far as both changed since the mark. */
function meet(mine, theirs, before, revive) {
  if (theirs) return merge(mine, theirs, before) ? MERGED : KEPT;
  return before === undefined ? KEPT : revive ? REVIVED : GONE;
}

const NAME = 'alcove';
const STORE = 'conversations';

function open() {
  const {promise, resolve, reject} = Promise.withResolvers();
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, {keyPath: 'id'});
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
  return promise;
}

const CODE = 'alcove.box';

/** The code under which the server keeps the conversations; null where it keeps none, which is so until the reader chooses. */
export function code() {
  try {
    return localStorage.getItem(CODE);
  } catch {
    return null;
  }
}

/** Remembers a code, or forgets it: null. */
export function useCode(value) {
  if (value === null) localStorage.removeItem(CODE);
  else localStorage.setItem(CODE, value);
}

/** Calls back when another tab has moved the conversations. */
export function whenMoved(moved) {
  addEventListener('storage', event => event.key === CODE && moved());
}

/** A code nobody can guess. */
export function newCode() {
  return [...crypto.getRandomValues(new Uint8Array(32))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** The store that holds now. */
export async function openStore() {
  return code() === null ? openLocal() : new Boxed(code());
}

/** The store in this browser; where it keeps nothing (a private window), one that lasts as long as the page and says so. */
export async function openLocal() {
  try {
    return new Kept(await open());
  } catch (error) {
    return new Passing(error);
  }
}

/**
 * Tells a store what another one knew of conversations that were moved to it: what is not there any more was deleted there. Which of
 * their messages were moved nobody told, so none that is missing there counts as taken away.
 */
export function carry(trees, from, to) {
  for (const tree of trees) {
    const known = from.marks.get(tree);
    if (known) to.marks.set(tree, {...known, ids: new Set(), revision: undefined});
  }
}

class Kept {
  #base;
  marks = new WeakMap();
  reason = null;
  unread = 0;

  constructor(base) {
    this.#base = base;
  }

  /** All conversations, the last used first. */
  async all() {
    const list = await this.#do('readonly', store => store.getAll());
    for (const tree of list) this.marks.set(tree, mark(tree));
    return list.sort((a, b) => b.updated - a.updated);
  }

  /** Writes a conversation, in one transaction with reading what other tabs wrote; resolves to what became of it. */
  async put(tree, revive = false) {
    let became;
    let written;
    await this.#do('readwrite', store => {
      const found = store.get(tree.id);
      found.onsuccess = () => {
        became = meet(tree, found.result, this.marks.get(tree), revive);
        if (became === GONE) return;
        written = mark(tree);
        store.put(tree);
      };
      return found;
    });
    if (written) this.marks.set(tree, written);
    return became;
  }

  remove(id) {
    return this.#do('readwrite', store => store.delete(id));
  }

  /** Deletes a conversation if it is still what was read as this text. */
  take(id, text) {
    return this.#do('readwrite', store => {
      const found = store.get(id);
      found.onsuccess = () => {
        if (found.result && JSON.stringify(found.result) === text) store.delete(id);
      };
      return found;
    });
  }

  #do(mode, action) {
    const {promise, resolve, reject} = Promise.withResolvers();
    const transaction = this.#base.transaction(STORE, mode);
    const request = action(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    return promise;
  }
}

/** Where others write all the time, a page gives up after so many tries. */
const TRIES = 10;

/**
 * On the server; what is written to one conversation is written in the order it was said. The server cannot bring together what two
 * pages wrote, but takes a conversation only in place of the revision that this page read.
 */
export class Boxed {
  #code;
  #last = new Map();
  marks = new WeakMap();
  reason = null;
  remote = true;
  /** How many conversations were there, when all were read, that this page could not read. */
  unread = 0;

  constructor(code) {
    this.#code = code;
  }

  async all() {
    const text = await (await box(this.#code, 'GET')).text();
    this.unread = 0;
    const list = text.split('\n').filter(line => line !== '').flatMap(line => {
      try {
        return [sane(JSON.parse(line))];
      } catch (error) {
        console.warn('a conversation on the server cannot be read: ' + error.message);
        this.unread++;
        return [];
      }
    });
    for (const tree of list) this.marks.set(tree, mark(tree));
    return list.sort((a, b) => b.updated - a.updated);
  }

  put(tree, revive = false) {
    return this.#after(tree.id, () => this.#put(tree, revive));
  }

  async #put(tree, revive) {
    let before = this.marks.get(tree);
    // undefined: to be read first; null: there is none.
    let revision = before ? before.revision : null;
    let became = KEPT;
    for (let i = 0; i < TRIES; i++) {
      if (revision === undefined) {
        const there = await this.#read(tree.id);
        const met = meet(tree, there?.tree, before, revive);
        if (met === GONE) return GONE;
        if (met !== KEPT) became = met;
        before = there ? mark(there.tree) : undefined;
        revision = there?.revision ?? null;
      }
      const written = mark(tree);
      const condition = revision === null ? {'If-None-Match': '*'} : {'If-Match': revision};
      try {
        const response = await box(this.#code, 'PUT', '/' + tree.id, JSON.stringify(tree), condition);
        this.marks.set(tree, {...written, revision: response.headers.get('ETag')});
        return became;
      } catch (error) {
        if (error.status !== 412) throw error;
        revision = undefined;
      }
    }
    throw new Error(t('it is written elsewhere all the time'));
  }

  async #read(id) {
    try {
      const response = await box(this.#code, 'GET', '/' + id);
      return {tree: sane(await response.json()), revision: response.headers.get('ETag')};
    } catch (error) {
      if (error.status === 410) return null;
      throw error;
    }
  }

  remove(id) {
    return this.#after(id, () => box(this.#code, 'DELETE', '/' + id));
  }

  /** Deletes a conversation if it is still what was read as this text. */
  take(id, text) {
    return this.#after(id, async () => {
      const there = await this.#read(id);
      if (!there || JSON.stringify(there.tree) !== text) return;
      try {
        await box(this.#code, 'DELETE', '/' + id, undefined, {'If-Match': there.revision});
      } catch (error) {
        if (error.status !== 412) throw error;
      }
    });
  }

  /** Takes all away from the server. */
  clear() {
    return box(this.#code, 'DELETE');
  }

  #after(id, action) {
    const next = (this.#last.get(id) ?? Promise.resolve()).catch(() => undefined).then(action);
    this.#last.set(id, next);
    return next;
  }
}

class Passing {
  marks = new WeakMap();
  unread = 0;

  constructor(reason) {
    this.reason = reason;
  }

  async all() {
    return [];
  }

  async put() {
    return KEPT;
  }

  async remove() {}

  async take() {}
}
