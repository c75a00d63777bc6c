// A conversation as a tree: an edited question or a second answer is another child of the same parent. Plain values, no page.

/** A new, empty conversation. */
export function conversation(now = Date.now(), id = uuid()) {
  return {id, title: '', created: now, updated: now, system: '', model: '', messages: {}, chosen: {}};
}

/** An id nobody else has; browsers make it themselves only for pages that came over TLS or from this machine. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

const key = parent => parent ?? 'root';

/** Adds a message below a parent (null: at the beginning) and chooses it. Returns the message. */
export function add(tree, parent, message, id = uuid()) {
  if (parent !== null && !(parent in tree.messages)) throw new Error('there is no message ' + parent);
  const added = {text: '', created: Date.now(), ...message, id, parent};
  tree.messages[id] = added;
  tree.chosen[key(parent)] = id;
  return added;
}

/** Whether a message has an answer, or is one that the conversation went on from. */
export function follows(tree, id) {
  return Object.values(tree.messages).some(message => message.parent === id);
}

/** Takes a message away that nothing follows; the last of its siblings is shown in its place. */
export function drop(tree, id) {
  if (follows(tree, id)) throw new Error('something follows ' + id);
  const {parent} = tree.messages[id];
  delete tree.messages[id];
  const left = Object.values(tree.messages).findLast(message => message.parent === parent);
  if (left) tree.chosen[key(parent)] = left.id;
  else delete tree.chosen[key(parent)];
}

/** The other versions of a message, itself included, oldest first. */
export function siblings(tree, id) {
  const parent = tree.messages[id].parent;
  return Object.values(tree.messages).filter(it => it.parent === parent).map(it => it.id);
}

/** Makes a message the one that is shown among its siblings. */
export function choose(tree, id) {
  tree.chosen[key(tree.messages[id].parent)] = id;
}

/** The messages that are shown, in order. */
export function path(tree) {
  const shown = [];
  for (let id = tree.chosen.root; id !== undefined && id in tree.messages; id = tree.chosen[id]) shown.push(tree.messages[id]);
  return shown;
}

/** The messages from the beginning to this one. */
export function upTo(tree, id) {
  const messages = [];
  for (let at = id; at !== null; at = tree.messages[at].parent) messages.unshift(tree.messages[at]);
  return messages;
}

/** What the model is sent: the system prompt, then the turns to this one; files stand before the words they belong to. */
export function turns(tree, id) {
  const sent = tree.system.trim() === '' ? [] : [{role: 'system', content: tree.system}];
  for (const message of upTo(tree, id)) {
    if (message.role === 'assistant' && message.text === '') continue;
    sent.push({role: message.role, content: withFiles(message)});
  }
  return sent;
}

function withFiles(message) {
  const files = (message.files ?? []).map(file => {
    const fence = fenceFor(file.text);
    return file.name + ':\n' + fence + '\n' + file.text + '\n' + fence + '\n\n';
  });
  return files.join('') + message.text;
}

/** A fence longer than any inside, so that a file cannot end its own. */
export function fenceFor(text) {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map(ticks => ticks.length));
  return '`'.repeat(longest + 1);
}

/** A title from the first question: one line, not long. */
export function titleOf(text) {
  const line = text.trim().split(/\s+/).join(' ');
  const letters = [...line];
  return letters.length > 60 ? letters.slice(0, 59).join('') + '…' : line;
}

/** Whether any word of a conversation holds the text, whatever the case. */
export function holds(tree, text) {
  const sought = text.trim().toLowerCase();
  return sought === '' || tree.title.toLowerCase().includes(sought)
      || Object.values(tree.messages).some(message => message.text.toLowerCase().includes(sought));
}
