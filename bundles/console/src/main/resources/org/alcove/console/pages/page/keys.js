// Keys of programs and accounts of people. A secret is shown once; the server keeps only its hash.
import {ask, badge, button, field, h, select, show} from '../shared/dom.js';
import {get, offered, path, post, remove} from '../lib/api.js';
import {act, card, sure, table} from '../lib/parts.js';
import {moment, number, t} from '../lib/words.js';

export const title = () => t('Keys');
export const role = 'admin';
export const asks = 'accounts';

const NAME = '[A-Za-z0-9._@\\-]{1,64}';

export async function render(session) {
  const [programs, {accounts}] = await Promise.all([offered('keys'), get('accounts')]);
  return h('div', {class: 'stack'}, programs && card(t('Keys of programs'), h('p', {}, button(t('Create a key …'), create, {class: 'primary'})),
      table(t('Keys of programs'), [t('Name'), t('Models'), t('Endpoints'), t('At /admin/api'), t('Per minute'), t('Created'),
        t('Last used'), ''], programs.keys.map(row), t('There is no key yet. The first one makes /v1 ask for keys.'))),
  card(t('People who may sign in'), h('p', {}, button(t('Let somebody in …'), admit)),
      table(t('People who may sign in'), [t('Name'), t('Role'), t('Since'), t('Signed in'), ''],
          accounts.map(one => person(one, session)))));
}

function row(key) {
  return [key.name, scope(key.models), scope(key.endpoints), t(key.role ?? 'none'), limits(key),
    h('span', {}, moment(key.created), h('small', {class: 'under'}, key.created_by)), moment(key.last_used),
    key.revoked ? badge(t('revoked'), 'bad') : button(t('Revoke'), () => sure(t('Revoke {name}?', key),
        t('Whoever uses it is refused from now on. This cannot be undone.'), t('Revoke'), () => remove(path('keys', key.id)),
        t('{name} is revoked.', key)), {class: 'danger', 'aria-label': t('Revoke {name}', key)})];
}

function scope(names) {
  return names?.length ? names.join(', ') : t('all');
}

function limits(key) {
  const all = [key.requests_per_minute > 0 && t('{count} requests', {count: number(key.requests_per_minute)}),
    key.tokens_per_minute > 0 && t('{count} tokens', {count: number(key.tokens_per_minute)})].filter(Boolean);
  return all.length > 0 ? all.join(', ') : t('no limit');
}

function roles(first) {
  return [...first, ['viewer', t('viewer')], ['operator', t('operator')], ['admin', t('admin')]];
}

async function create() {
  const values = await ask(t('Create a key'), [
    field(t('Name'), h('input', {name: 'name', required: true, pattern: NAME}), t('Whose it is. It stands in the log.')),
    field(t('Models'), h('input', {name: 'models'}), t('Names with commas between them; empty for all.')),
    h('fieldset', {}, h('legend', {}, t('Endpoints; none chosen for all')), ['chat', 'completions', 'models'].map(name =>
      h('label', {class: 'check'}, h('input', {type: 'checkbox', name: 'endpoint-' + name}), name))),
    field(t('At /admin/api it may do as'), select(roles([['none', t('nobody')]]), 'none', {name: 'role'})),
    h('div', {class: 'row'}, field(t('Requests per minute'), limit('requests'), t('0 for no limit')),
        field(t('Tokens per minute'), limit('tokens'), t('0 for no limit')))], t('Create'));
  if (values === null) return;
  const made = await act(() => post('keys', {name: values.name, role: values.role,
    models: values.models.split(',').map(name => name.trim()).filter(name => name !== ''),
    endpoints: ['chat', 'completions', 'models'].filter(name => values['endpoint-' + name]),
    requests_per_minute: Number(values.requests), tokens_per_minute: Number(values.tokens)}));
  if (made) once(t('The key of {name}', made), made.key);
}

function limit(name) {
  return h('input', {name, type: 'number', min: '0', step: '1', value: '0', required: true});
}

function once(title, secret) {
  show(title, h('p', {}, t('Copy it now: it is not shown again.')), h('code', {class: 'secret'}, secret));
}

function person(one, session) {
  return [one.name, t(one.role), moment(one.created), number(one.sessions), one.name === session.name ? t('you')
    : button(t('Let in no more'), () => sure(t('Let {name} in no more?', one), t('Open sessions end at once.'), t('Let in no more'),
        () => remove(path('accounts', one.name)), t('{name} may sign in no more.', one)),
    {class: 'danger', 'aria-label': t('Let {name} in no more', one)})];
}

async function admit() {
  const values = await ask(t('Let somebody in'), [field(t('Name'), h('input', {name: 'name', required: true, pattern: NAME})),
    field(t('Role'), select(roles([]), 'viewer', {name: 'role'}),
        t('Viewers see, operators run models and workers, admins let code and people in.'))], t('Create'));
  if (values === null) return;
  const made = await act(() => post('accounts', values));
  if (made) once(t('The password of {name}', made), made.password);
}
