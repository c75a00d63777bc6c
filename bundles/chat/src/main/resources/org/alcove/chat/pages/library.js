// The conversations of this page, and the store that keeps them.
import {say} from './shared/dom.js';
import {GONE, MERGED, REVIVED, carry} from './store.js';
import {t} from './text.js';

/** How much of an answer, in ms, a closed tab may lose: of its first words, and of a long one, which is more to write. */
const [FIRST_MS, SAVED_MS] = [500, 3000];

export class Library {
  trees = [];
  store = null;
  #actions;
  /** Deleted, here or elsewhere: what is still on its way to them is not kept. */
  #removed = new WeakSet();

  /** The actions are merged, for a conversation with what other pages wrote in it, and left, for one that was deleted elsewhere. */
  constructor(actions) {
    this.#actions = actions;
  }

  has(tree) {
    return this.trees.includes(tree);
  }

  /** The conversation that the address names, or undefined. */
  named() {
    return this.trees.find(tree => tree.id === location.hash.slice(1));
  }

  /** Goes on with the same conversations in another store, as another tab does. */
  follow(next) {
    // To the server they were moved; in the browser there may be none, where the code was only forgotten.
    if (next.remote) carry(this.trees, this.store, next);
    this.store = next;
  }

  /** Keeps a conversation. One that was deleted elsewhere stays deleted, unless the reader goes on writing in it. */
  async save(tree, goesOn = false) {
    if (goesOn) this.#removed.delete(tree);
    if (this.#removed.has(tree)) return;
    if (!this.has(tree)) this.trees.unshift(tree);
    try {
      const became = await this.store.put(tree, goesOn);
      if (became === GONE) this.#leave(tree);
      if (became === MERGED) this.#actions.merged(tree);
      if (became === REVIVED) say(t('“{title}” was deleted elsewhere. You went on writing in it, so it is kept again.', tree), 'warn');
    } catch (error) {
      say(t('This conversation could not be kept: {why}', {why: error.message}), 'bad');
    }
  }

  /** A function that is told whenever a conversation has grown, and keeps it when it is time to. */
  grows(tree) {
    let saved = performance.now();
    let pause = FIRST_MS;
    return () => {
      if (performance.now() - saved < pause) return;
      saved = performance.now();
      pause = Math.min(SAVED_MS, 2 * pause);
      this.save(tree);
    };
  }

  #leave(tree) {
    if (this.#removed.has(tree)) return;
    this.#take(tree);
    this.#actions.left(tree);
    say(t('“{title}” was deleted elsewhere. It is kept again only if you go on writing in it.', tree), 'warn');
  }

  #take(tree) {
    this.#removed.add(tree);
    this.trees = this.trees.filter(it => it !== tree);
  }

  /**
   * Deletes a conversation; resolves to whether it is gone. Nothing is kept of it from now on, not even of an answer being written,
   * unless the reader goes on in it, be it while the deletion is on its way.
   */
  async remove(tree) {
    this.#removed.add(tree);
    try {
      await this.store.remove(tree.id);
    } catch (error) {
      this.#removed.delete(tree);
      say(t('This conversation could not be deleted: {why}', {why: error.message}), 'bad');
      await this.save(tree);
      return false;
    }
    if (!this.#removed.has(tree)) return false;
    this.#take(tree);
    return true;
  }
}
