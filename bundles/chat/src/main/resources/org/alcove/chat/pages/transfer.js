// Conversations as files. What is read may come from anywhere: only known fields of the right type are taken over.
import {fenceFor, path} from './tree.js';

const FORMAT = 'alcove-conversations';

/** All of these conversations, branches included. */
export function toJson(conversations) {
  return JSON.stringify({format: FORMAT, version: 1, conversations}, null, 1);
}

/** The shown branch of a conversation, to be read by people. */
export function toMarkdown(tree) {
  const parts = ['# ' + (tree.title || 'Conversation')];
  if (tree.system) parts.push('*System*\n\n' + tree.system);
  for (const message of path(tree)) {
    parts.push(message.role === 'user' ? '## You' : '## ' + (message.model || 'Assistant'));
    for (const file of message.files ?? []) {
      const fence = fenceFor(file.text);
      parts.push('*' + file.name + '*\n\n' + fence + '\n' + file.text + '\n' + fence);
    }
    parts.push(message.text);
  }
  return parts.join('\n\n') + '\n';
}

/** Conversations out of a file; throws an Error that says what is wrong with it. */
export function fromJson(text) {
  let json;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error('not JSON: ' + error.message);
  }
  if (json?.format !== FORMAT) throw new Error('the format is ' + JSON.stringify(json?.format) + ', not "' + FORMAT + '"');
  if (json.version !== 1) throw new Error('the version is ' + JSON.stringify(json.version) + '; this page reads 1');
  if (!Array.isArray(json.conversations)) throw new Error('"conversations" is not a list');
  return json.conversations.map(read);
}

/** One conversation that came from elsewhere, with nothing in it but what belongs there. */
export function sane(given) {
  return read(given, 0);
}

function read(given, i) {
  const where = 'conversation ' + (i + 1);
  const tree = {id: string(given?.id, where + ': id'), title: string(given.title, where + ': title'),
    created: number(given.created), updated: number(given.updated), system: optional(given.system), model: optional(given.model),
    messages: {}, chosen: {}};
  for (const message of Object.values(given.messages ?? {})) {
    const id = string(message?.id, where + ': id of a message');
    if (!['user', 'assistant'].includes(message.role)) throw new Error(where + ': the role ' + JSON.stringify(message.role));
    const parent = message.parent === null ? null : string(message.parent, where + ': parent');
    // A parent comes before its children, so no path can run in a circle.
    if (parent !== null && !Object.hasOwn(tree.messages, parent)) throw new Error(where + ': the parent of ' + id + ' is missing');
    tree.messages[id] = {id, parent, role: message.role, text: optional(message.text), created: number(message.created),
      ...known(message)};
    tree.chosen[parent ?? 'root'] = id;
  }
  for (const [parent, child] of Object.entries(given.chosen ?? {})) {
    if (Object.hasOwn(tree.messages, child) && (tree.messages[child].parent ?? 'root') === parent) tree.chosen[parent] = child;
  }
  return tree;
}

const COUNTS = ['prompt_tokens', 'completion_tokens', 'total_tokens'];

function known(message) {
  const kept = {};
  if (typeof message.reasoning === 'string') kept.reasoning = message.reasoning;
  if (typeof message.model === 'string') kept.model = message.model;
  // It is on its way: that it still says so tells one that was cut.
  if (message.coming === true) kept.coming = true;
  if (typeof message.finish === 'string') kept.finish = message.finish;
  if (message.stopped === true) kept.stopped = true;
  if (typeof message.fault?.message === 'string') kept.fault = failure(message.fault);
  for (const name of ['speed', 'first']) if (Number.isFinite(message[name])) kept[name] = message[name];
  if (COUNTS.every(name => Number.isFinite(message.usage?.[name]))) {
    kept.usage = Object.fromEntries(COUNTS.map(name => [name, message.usage[name]]));
  }
  if (Array.isArray(message.files)) {
    kept.files = message.files.map(file => ({name: optional(file?.name), text: optional(file?.text)}));
  }
  return kept;
}

/** Why there was no answer, without the time at which the page that asked would ask again. */
function failure(given) {
  const kept = {message: given.message};
  if (Number.isInteger(given.status)) kept.status = given.status;
  if (typeof given.code === 'string') kept.code = given.code;
  return kept;
}

function string(value, what) {
  if (typeof value !== 'string' || value === '__proto__') throw new Error(what + ' is no text');
  return value;
}

const optional = value => typeof value === 'string' ? value : '';
const number = value => Number.isFinite(value) ? value : Date.now();
