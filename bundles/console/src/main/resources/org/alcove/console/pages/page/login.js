// The door.
import {post} from '../lib/api.js';
import {field, h} from '../lib/dom.js';
import {t} from '../lib/words.js';

/** The form; welcome is told the session. */
export function render(welcome) {
  const problem = h('p', {class: 'notice bad', role: 'alert', hidden: true});
  const form = h('form', {class: 'card', onsubmit: async event => {
    event.preventDefault();
    try {
      welcome(await post('login', Object.fromEntries(new FormData(form))));
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      form.password.select();
    }
  }}, h('h1', {}, t('Alcove console')), problem,
  field(t('Name'), h('input', {name: 'name', autocomplete: 'username', required: true, value: 'admin'})),
  field(t('Password'), h('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true}),
      t('It was printed when the server first started.')),
  h('button', {type: 'submit', class: 'primary'}, t('Sign in')));
  return h('main', {class: 'login'}, form);
}
