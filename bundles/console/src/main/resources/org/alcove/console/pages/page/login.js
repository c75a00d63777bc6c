// The door, and the password.
import {field, h, say} from '../shared/dom.js';
import {post, put} from '../lib/api.js';
import {order} from '../lib/parts.js';
import {t} from '../lib/words.js';

/** The form; welcome is told the session. */
export function render(welcome) {
  const problem = h('p', {class: 'notice bad', role: 'alert', hidden: true});
  const form = h('form', {class: 'card', onsubmit: async event => {
    event.preventDefault();
    try {
      if (!navigator.cookieEnabled) throw new Error(t('The browser keeps no cookie of this server, and without one nobody is signed in. Allow cookies for it.'));
      await welcome(await post('session', {name: form.elements.name.value, password: form.elements.password.value}));
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      form.elements.password.select();
    }
  }}, h('h1', {}, t('Alcove console')), problem,
  field(t('Name'), h('input', {name: 'name', autocomplete: 'username', required: true, value: 'admin'})),
  field(t('Password'), h('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true}),
      t('The one of admin was printed when the server first started.')),
  h('button', {type: 'submit', class: 'primary'}, t('Sign in')));
  return h('main', {class: 'login'}, form);
}

/** Changes one's own password. */
export async function change() {
  const secret = (name, autocomplete) => h('input', {name, type: 'password', autocomplete, required: true,
    minlength: name === 'new' ? '12' : null});
  const changed = await order(t('Change the password'), [field(t('The old one'), secret('old', 'current-password')),
    field(t('The new one'), secret('new', 'new-password'), t('At least 12 characters. Your other sessions end.'))], t('Change'),
  values => put('password', values));
  if (changed !== null) say(t('The password is changed.'));
}
