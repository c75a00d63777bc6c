// Keys: create, scope, quota, revoke. A key is shown once; the server keeps only its hash.
import {get, path, post, remove} from '../lib/api.js';
import {ask, badge, button, card, confirm, fail, field, h, say, select, show, table} from '../lib/dom.js';
import {moment, number, t} from '../lib/words.js';

export const title = () => t('Keys');
export const role = 'admin';

export async function render() {
  const {keys} = await get('keys');
  return card(t('Keys'), h('p', {}, button(t('Create a key'), create, {class: 'primary'})),
      table(t('Keys'), [t('Name'), t('Models'), t('Endpoints'), t('Role'), t('Limits per minute'), t('Created'), t('State'), ''],
          keys.map(row)));
}

function row(key) {
  return [key.name, scope(key.models), scope(key.endpoints), key.role ? t(key.role) : '–',
    t('{requests} requests, {tokens} tokens', {requests: number(key.requests_per_minute), tokens: number(key.tokens_per_minute)}),
    moment(key.created), key.revoked ? badge(t('revoked'), 'bad') : badge(t('valid'), 'good'),
    key.revoked ? '' : button(t('Revoke'), () => revoke(key), {class: 'danger', 'aria-label': t('Revoke {name}', key)})];
}

function scope(names) {
  return names?.length ? names.join(', ') : t('all');
}

function list(text) {
  return text.split(',').map(name => name.trim()).filter(name => name !== '');
}

async function create() {
  const values = await ask(t('Create a key'), [
    field(t('Name'), h('input', {name: 'name', required: true, maxlength: '64'}), t('Whose it is. It stands in the log.')),
    field(t('Models'), h('input', {name: 'models'}), t('Names with commas between them; empty for all.')),
    field(t('Endpoints'), h('input', {name: 'endpoints'}), t('For example chat, embeddings; empty for all.')),
    field(t('Role in the admin API'), select([['', t('none')], ['viewer', t('viewer')], ['operator', t('operator')],
      ['admin', t('admin')]], '', {name: 'role'})),
    h('div', {class: 'row'}, field(t('Requests per minute'), h('input', {name: 'requests', type: 'number', min: '1'})),
        field(t('Tokens per minute'), h('input', {name: 'tokens', type: 'number', min: '1'})))], t('Create'));
  if (values === null) return;
  try {
    const made = await post('keys', {name: values.name, models: list(values.models), endpoints: list(values.endpoints),
      role: values.role || null, requests_per_minute: limit(values.requests), tokens_per_minute: limit(values.tokens)});
    show(t('The key of {name}', made), h('p', {}, t('Copy it now: it is not shown again.')), h('code', {class: 'secret'}, made.key));
  } catch (error) {
    fail(error);
  }
  dispatchEvent(new Event('refresh'));
}

function limit(text) {
  return text === '' ? null : Number(text);
}

async function revoke(key) {
  if (!await confirm(t('Revoke {name}?', key), t('Whoever uses it is refused from now on. This cannot be undone.'), t('Revoke'))) {
    return;
  }
  try {
    await remove(path('keys', key.id));
    say(t('{name} is revoked.', key));
  } catch (error) {
    fail(error);
  }
  dispatchEvent(new Event('refresh'));
}
