// The admin API. Everything these pages know and do goes through here.
import {t} from './words.js';

const ROOT = '/admin/api/';
let csrf = '';

/** What the server refused, in its own words. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Remembers the token that changes of this session carry. */
export function trust(token) {
  csrf = token ?? '';
}

/** A path of encoded parts: ids of workers hold slashes. */
export function path(...parts) {
  return parts.map(encodeURIComponent).join('/');
}

export const get = name => call('GET', name);
export const post = (name, body, more) => call('POST', name, body, more);
export const put = (name, body) => call('PUT', name, body);
export const patch = (name, body) => call('PATCH', name, body);
export const remove = name => call('DELETE', name);

/**
 * Follows events of one kind. Give it up by the result's close().
 *
 * @param take is told what each event holds
 * @param tell is told "live", "waiting" while the connection is made again, or "over" where the server wants no more of it
 */
export function follow(name, kind, take, tell) {
  const source = new EventSource(ROOT + name);
  source.addEventListener(kind, event => take(JSON.parse(event.data)));
  source.addEventListener('open', () => tell('live'));
  source.addEventListener('error', () => tell(source.readyState === EventSource.CLOSED ? 'over' : 'waiting'));
  return source;
}

/** What a part of the API tells, or null where this server does not offer that part. */
export async function offered(name) {
  try {
    return await get(name);
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

/** Asks; the answer's JSON. A file is sent as it is. */
async function call(method, name, body, more = {}) {
  const headers = {Accept: 'application/json', ...more};
  if (method !== 'GET') headers['X-Alcove-Csrf'] = csrf;
  const options = {method, headers, credentials: 'same-origin', cache: 'no-store'};
  if (body instanceof Blob) {
    options.body = body;
    headers['Content-Type'] = 'application/java-archive';
  } else if (body !== undefined) {
    options.body = JSON.stringify(body);
    headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(ROOT + name, options);
  } catch {
    throw new Refusal(0, 'unreachable', t('The server cannot be reached. It may be starting; try again in a moment.'));
  }
  return read(response);
}

async function read(response) {
  const text = await response.text();
  let json = null;
  try {
    json = text === '' ? {} : JSON.parse(text);
  } catch {
    // Not the admin API: the status says more than the text.
  }
  if (!response.ok || json === null) {
    throw new Refusal(response.status, json?.error?.code ?? 'http',
        json?.error?.message ?? t('The server answered {status} without a reason.', {status: response.status}));
  }
  return json;
}
