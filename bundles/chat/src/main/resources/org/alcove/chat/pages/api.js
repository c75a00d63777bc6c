// What this page asks of the server: the same protocol as any other client.
import {passing} from './shared/memory.js';
import {eventReader} from './sse.js';
import {t} from './text.js';

const KEY = 'alcove.key';

/** What went wrong, in the server's own words. */
export class Fault extends Error {
  constructor(status, code, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Keeps the API key until the tab is closed. */
export function useKey(key) {
  passing.put(KEY, key);
}

function headers(more = {}) {
  const key = passing.get(KEY);
  return key ? {...more, Authorization: 'Bearer ' + key} : more;
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, {cache: 'no-store', ...options, headers: headers(options.headers)});
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Fault(0, 'unreachable', t('The server cannot be reached. It may be starting, or the connection is down.'));
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  const text = await response.text().catch(() => '');
  let error = null;
  try {
    error = JSON.parse(text).error;
  } catch {
    // No error object of ours: the status says more than the text.
  }
  const message = error?.message ?? t('The server answered {status} without a reason.', {status: response.status});
  return new Fault(response.status, error?.code ?? 'http', message, response.headers.get('Retry-After'));
}

/** The models that are served, and those that a request would load: {id, state, …}. */
export async function models() {
  return (await (await ask('/v1/models')).json()).data;
}

/** Whether requests can be answered, and why not: {ready, reason}. */
export async function readiness() {
  try {
    const response = await fetch('/readyz', {cache: 'no-store'});
    const json = await response.json();
    return {ready: response.ok, reason: json.reason ?? ''};
  } catch {
    return {ready: false, reason: t('The server cannot be reached.')};
  }
}

/** How many requests of a model wait and run now: {waiting, running}, or null where the server does not say. */
export async function line(model) {
  try {
    const text = await (await fetch('/metrics', {cache: 'no-store'})).text();
    const sum = name => text.split('\n').filter(row => row.startsWith('alcove:' + name + '{')
        && row.includes('model_name="' + model.replace(/\\/g, '\\\\').replace(/"/g, '\\"') + '"'))
        .map(row => Number(row.slice(row.lastIndexOf('}') + 1).trim().split(' ')[0]));
    const waiting = sum('num_requests_waiting');
    const add = numbers => numbers.reduce((a, b) => a + b, 0);
    return waiting.length === 0 ? null : {waiting: add(waiting), running: add(sum('num_requests_running'))};
  } catch {
    return null;
  }
}

/** What the attesting client says of this server: its JSON, or null where this page does not come from one on this machine. */
export async function verdict() {
  if (!['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)) return null;
  try {
    const response = await fetch('/connect/verdict', {cache: 'no-store'});
    return response.ok && response.headers.get('Content-Type')?.startsWith('application/json') ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Asks the server about the conversations that it keeps under a code. */
export function box(code, method, path = '', body, condition = {}) {
  return ask('/chat/conversations' + path, {method, body, headers: {...condition, 'X-Alcove-Box': code}});
}

/** Where a stream that has begun can tell no Retry-After, this is when to ask again, in seconds. */
const AGAIN_SECONDS = 5;

/**
 * Asks for an answer and hands over each piece: {text, reasoning, finish, usage}. Meanwhile tells {queued}, the place in line, 0 when
 * it is over, and {loading}, for how many seconds the model has been loading. Ends with the stream; throws a Fault.
 */
export async function answer(body, signal, piece, told) {
  const response = await ask('/v1/chat/completions', {method: 'POST', signal, headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({...body, stream: true, stream_options: {include_usage: true}})});
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events = eventReader(remark => {
    const found = /^(queued|loading) (\d+)$/.exec(remark);
    if (found) told({[found[1]]: Number(found[2])});
  });
  for (;;) {
    const {done, value} = await reader.read().catch(error => {
      if (error.name === 'AbortError') throw error;
      throw new Fault(0, 'cut', t('The connection broke while the answer was coming.'));
    });
    if (done) throw new Fault(0, 'cut', t('The connection broke while the answer was coming.'));
    for (const data of events(value)) {
      if (data === '[DONE]') return;
      hand(JSON.parse(data), piece);
    }
  }
}

function hand(chunk, piece) {
  if (chunk.error) {
    throw new Fault(0, chunk.error.code ?? 'stream', chunk.error.message, chunk.error.code === 'unavailable' ? AGAIN_SECONDS : null);
  }
  const choice = chunk.choices?.[0];
  piece({text: choice?.delta?.content ?? '', reasoning: choice?.delta?.reasoning_content ?? choice?.delta?.reasoning ?? '',
    finish: choice?.finish_reason ?? null, usage: chunk.usage ?? null});
}
