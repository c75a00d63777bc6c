// Conversations in this browser, and nowhere else.
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

/** A store; where the browser keeps nothing (a private window), one that lasts as long as the page and says so. */
export async function openStore() {
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
