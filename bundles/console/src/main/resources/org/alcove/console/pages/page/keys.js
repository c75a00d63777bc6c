// Keys of clients and scripts. A key is shown once; the server keeps only its hash.
import {badge, button, field, h, say, select, show} from '../shared/dom.js';
import {get, patch, path, post, remove} from '../lib/api.js';
import {card, kind, order, sure, table} from '../lib/parts.js';
import {moment, number, t} from '../lib/words.js';

export const title = () => t('Keys');
export const role = 'admin';
export const asks = 'keys';

const MODEL = 'model ';
const ENDPOINT = 'endpoint ';

export async function render() {
  const [{keys, endpoints}, models] = await Promise.all([get('keys'), served()]);
  return card(t('Keys of clients and scripts'),
      h('p', {}, t('As soon as there is a key, the server asks everybody for one, also at this machine.')),
      h('p', {}, button(t('Make a key …'), () => make(models, endpoints), {class: 'primary'})),
      table(t('Keys of clients and scripts'), [t('Name'), t('State'), t('For'), t('Limits'), t('Since'), t('Last used'), ''],
          keys.map(key => row(key, models, endpoints))));
}

/** Names of models to choose from; without them a key is for all. */
async function served() {
  try {
    return (await get('models')).models.map(model => model.name);
  } catch {
    return [];
  }
}

function row(key, models, endpoints) {
  return [h('span', {}, key.label, h('br'), h('small', {}, key.id)), badge(t(key.state), kind(key.state)), lines(scope(key)),
    lines(limits(key)), h('span', {}, moment(key.created), h('br'), h('small', {}, t('by {name}', {name: key.created_by}))),
    moment(key.last_used), h('span', {class: 'actions'}, actions(key, models, endpoints))];
}

function lines(texts) {
  return h('ul', {class: 'bare'}, texts.map(text => h('li', {}, text)));
}

function scope(key) {
  const of = (all, list) => list === null ? all : list.length === 0 ? t('none') : list.join(', ');
  return [t('Models: {list}', {list: of(t('all'), key.models)}), t('Endpoints: {list}', {list: of(t('all'), key.endpoints)}),
    key.role && t('Administration: {role}', {role: t(key.role)})].filter(Boolean);
}

function limits(key) {
  const told = [key.requests_per_minute && t('{n} requests a minute', {n: number(key.requests_per_minute)}),
    key.tokens_per_minute && t('{n} tokens a minute', {n: number(key.tokens_per_minute)}),
    key.expires && t('until {time}', {time: moment(key.expires)})].filter(Boolean);
  return told.length === 0 ? [t('none')] : told;
}

function actions(key, models, endpoints) {
  if (key.state === 'revoked') {
    return button(t('Forget'), () => sure(t('Forget {label}?', key), t('It goes off the list. Without any key on the list, a server that only this machine can reach asks for none.'),
        t('Forget'), () => remove(path('keys', key.id) + '?forget=true'), t('{label} is off the list.', key)),
    {'aria-label': t('Forget {label}', key)});
  }
  return [button(t('Change …'), () => change(key, models, endpoints), {'aria-label': t('Change {label}', key)}),
    button(t('Revoke'), () => sure(t('Revoke {label}?', key), t('Its holder is refused from the next request on. It cannot be made good again.'),
        t('Revoke'), () => remove(path('keys', key.id)), t('{label} is good for nothing any more.', key)),
    {class: 'danger', 'aria-label': t('Revoke {label}', key)})];
}

async function make(models, endpoints) {
  const made = await order(t('Make a key'), fields({label: '', models: null, endpoints: null, role: null}, models, endpoints),
      t('Create'), values => post('keys', terms(values, endpoints)));
  if (made) once(made);
}

async function change(key, models, endpoints) {
  const changed = await order(t('Change {label}', key), fields(key, models, endpoints), t('Change'), values => {
    // What was left alone stays as it is, also where somebody else has changed it meanwhile; and of a time the field knows the day only.
    const before = terms(filled(key, endpoints), endpoints);
    const body = Object.entries(terms(values, endpoints)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]));
    return patch(path('keys', key.id), Object.fromEntries(body));
  });
  if (changed) say(t('{label} is changed from the next request on.', key));
}

function fields(key, models, endpoints) {
  const names = [...new Set([...models, ...key.models ?? []])];
  const tick = (name, text, ticked) => h('div', {}, h('label', {}, h('input', {type: 'checkbox', name, checked: ticked}), ' ', text));
  return [field(t('Name'), h('input', {name: 'label', required: true, maxlength: '100', value: key.label}),
      t('Who or what holds it.')),
  h('fieldset', {}, h('legend', {}, t('Models')), tick('every', t('All, also those to come'), key.models === null),
      names.map(name => tick(MODEL + name, name, key.models?.includes(name)))),
  h('fieldset', {}, h('legend', {}, t('Endpoints')),
      endpoints.map(name => tick(ENDPOINT + name, name, key.endpoints === null || key.endpoints.includes(name)))),
  field(t('Administration'), select([['', t('nothing')], ['viewer', t('viewer')], ['operator', t('operator')], ['admin', t('admin')]],
      key.role ?? '', {name: 'role'}), t('What it may do below /admin/api.')),
  h('div', {class: 'row'},
      field(t('Requests a minute'), h('input', {name: 'requests', type: 'number', min: '1', step: '1', value: key.requests_per_minute})),
      field(t('Tokens a minute'), h('input', {name: 'tokens', type: 'number', min: '1', step: '1', value: key.tokens_per_minute}))),
  field(t('Good until the end of'), h('input', {name: 'until', type: 'date', value: day(key.expires)}), t('Empty: no limit.'))];
}

/** What the fields say as they are shown. */
function filled(key, endpoints) {
  const ticks = (prefix, names) => Object.fromEntries((names ?? []).map(name => [prefix + name, 'on']));
  return {label: key.label, every: key.models === null, ...ticks(MODEL, key.models), ...ticks(ENDPOINT, key.endpoints ?? endpoints),
    role: key.role, requests: key.requests_per_minute, tokens: key.tokens_per_minute, until: day(key.expires)};
}

function terms(values, endpoints) {
  const ticked = prefix => Object.keys(values).filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length)).sort();
  const ways = ticked(ENDPOINT);
  return {label: values.label, models: values.every ? null : ticked(MODEL), endpoints: ways.length === endpoints.length ? null : ways,
    role: values.role || null, requests_per_minute: values.requests ? Number(values.requests) : null,
    tokens_per_minute: values.tokens ? Number(values.tokens) : null,
    expires: values.until ? new Date(values.until + 'T23:59:59').toISOString() : null};
}

/** The day of a time, as a field for days wants it. */
function day(time) {
  if (!time) return '';
  const date = new Date(time);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(part => String(part).padStart(2, '0')).join('-');
}

function once(made) {
  const secret = h('code', {class: 'secret', tabindex: '0', 'aria-label': t('The key')}, made.key);
  const told = h('span', {role: 'status'});
  show(t('The key {label}', made), h('p', {}, t('Copy it now: it is not shown again.')), secret,
      h('p', {class: 'actions'}, button(t('Copy'), () => copy(secret, told)), told));
}

/** Pages that came in the clear over a network may not write to the clipboard: there the key is marked, for the reader to copy. */
async function copy(secret, told) {
  try {
    await navigator.clipboard.writeText(secret.textContent);
    told.textContent = t('The key is copied.');
  } catch {
    getSelection().selectAllChildren(secret);
    secret.focus();
    told.textContent = t('The key is marked. Copy it by the keyboard.');
  }
}
