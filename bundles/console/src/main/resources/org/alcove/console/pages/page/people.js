// Accounts of people. A password is shown once; the server keeps only its hash.
import {button, field, h, select, show} from '../shared/dom.js';
import {get, path, post, remove} from '../lib/api.js';
import {card, order, sure, table} from '../lib/parts.js';
import {moment, number, t} from '../lib/words.js';

export const title = () => t('People');
export const role = 'admin';
export const asks = 'accounts';

const NAME = '[A-Za-z0-9._@\\-]{1,64}';

export async function render(session) {
  const {accounts} = await get('accounts');
  return card(t('People who may sign in'), h('p', {}, button(t('Let somebody in …'), admit, {class: 'primary'})),
      table(t('People who may sign in'), [t('Name'), t('Role'), t('Since'), t('Signed in'), ''],
          accounts.map(one => person(one, session))));
}

function once(title, secret) {
  show(title, h('p', {}, t('Copy it now: it is not shown again.')), h('code', {class: 'secret'}, secret));
}

function person(one, session) {
  return [one.name, t(one.role), moment(one.created), number(one.sessions), one.name === session.name ? t('you')
    : button(t('Let in no more'), () => sure(t('Let {name} in no more?', one), t('Open sessions end at once.'), t('Let in no more'),
        () => remove(path('accounts', one.name)), t('{name} may sign in no more.', one)),
    {class: 'danger', 'aria-label': t('Let in no more: {name}', one)})];
}

async function admit() {
  const made = await order(t('Let somebody in'), [field(t('Name'), h('input', {name: 'name', required: true, pattern: NAME})),
    field(t('Role'), select([['viewer', t('viewer')], ['operator', t('operator')], ['admin', t('admin')]], 'viewer', {name: 'role'}),
        t('Viewers see, operators run models and workers, admins let code and people in.'))], t('Create'),
      values => post('accounts', values));
  if (made) once(t('The password of {name}', made), made.password);
}
