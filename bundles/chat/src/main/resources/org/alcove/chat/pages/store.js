// Conversations in this browser, and nowhere else unless the reader chose the server: then there, under a code that this browser keeps.
import {box} from './api.js';
import {sane} from './transfer.js';

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

class Kept {
  #base;
  reason = null;

  constructor(base) {
    this.#base = base;
  }

  /** All conversations, the last used first. */
  async all() {
    const list = await this.#do('readonly', store => store.getAll());
    return list.sort((a, b) => b.updated - a.updated);
  }

  put(conversation) {
    return this.#do('readwrite', store => store.put(conversation));
  }

  remove(id) {
    return this.#do('readwrite', store => store.delete(id));
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

/** On the server; what is written to one conversation is written in the order it was said. */
export class Boxed {
  #code;
  #last = new Map();
  reason = null;
  remote = true;

  constructor(code) {
    this.#code = code;
  }

  async all() {
    const text = await (await box(this.#code, 'GET')).text();
    const list = text.split('\n').filter(line => line !== '').flatMap(line => {
      try {
        return [sane(JSON.parse(line))];
      } catch (error) {
        console.warn('a conversation on the server cannot be read: ' + error.message);
        return [];
      }
    });
    return list.sort((a, b) => b.updated - a.updated);
  }

  put(conversation) {
    const text = JSON.stringify(conversation);
    return this.#after(conversation.id, () => box(this.#code, 'PUT', '/' + conversation.id, text));
  }

  remove(id) {
    return this.#after(id, () => box(this.#code, 'DELETE', '/' + id));
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
  constructor(reason) {
    this.reason = reason;
  }

  async all() {
    return [];
  }

  async put() {}

  async remove() {}
}
