// One conversation that two pages wrote in becomes one tree again. Plain values, no page.
import {drop, follows} from './tree.js';

const SETTINGS = ['title', 'system', 'model'];

/** What is remembered of a conversation as it was read or written, so that later changes here are told from those of others. */
export function mark(tree) {
  return {...Object.fromEntries(SETTINGS.map(name => [name, tree[name]])), ids: new Set(Object.keys(tree.messages))};
}

/**
 * Takes over what another page wrote since the mark (undefined: nothing is known of then): its messages and, of an answer that both
 * have, the longer text and how it ended; title and settings where they were not changed here. A message that one page took away is
 * gone unless something follows it. The branches that are shown here stay. Returns whether anything changed here.
 */
export function merge(mine, theirs, before) {
  let changed = false;
  for (const message of Object.values(theirs.messages)) {
    const own = mine.messages[message.id];
    const wanted = own ? weight(message) > weight(own) : !before?.ids.has(message.id) || follows(theirs, message.id);
    if (!wanted) continue;
    mine.messages[message.id] = Object.assign(own ?? {}, message);
    if (!message.coming) delete mine.messages[message.id].coming;
    // Of an answer that failed, the page that asked for it is the one that asks again by itself.
    delete mine.messages[message.id].fault?.at;
    changed = true;
  }
  for (const id of before?.ids ?? []) {
    if (id in theirs.messages || !(id in mine.messages) || follows(mine, id)) continue;
    drop(mine, id);
    changed = true;
  }
  for (const [parent, id] of Object.entries(theirs.chosen)) {
    if (!(parent in mine.chosen) && id in mine.messages) mine.chosen[parent] = id;
  }
  for (const name of SETTINGS) {
    if (mine[name] === theirs[name] || mine[name] !== before?.[name]) continue;
    mine[name] = theirs[name];
    changed = true;
  }
  mine.updated = Math.max(mine.updated, theirs.updated);
  return changed;
}

/** An answer only grows, and ends last of all, one way or another. */
const weight = message => message.text.length + (message.reasoning?.length ?? 0)
    + (message.finish || message.fault || message.stopped ? 1 : 0);
