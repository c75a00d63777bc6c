// Plug-ins: what is installed and who uses it; install, update, roll back, remove, and what would happen without one.
import {badge, button, confirm, h, say, show} from '../shared/dom.js';
import {get, path, post, remove} from '../lib/api.js';
import {act, called, card, kind, sure, table} from '../lib/parts.js';
import {bytes, moment, number, t} from '../lib/words.js';
import {bring, measured} from './sealed.js';

export const title = () => t('Plug-ins');
export const every = 5000;
export const writes = true;

export async function render(session) {
  const {plugins, removed} = await get('plugins');
  return h('div', {class: 'stack'}, session.changes('admin') && card(t('Install or update'), drop()),
      session.sealed && session.may('admin') && bring(),
      card(t('Installed'), table(t('Installed plug-ins'), [t('Plug-in'), t('Kind'), t('State'), t('Offers'), t('Requests served'), ''],
          plugins.map(one => row(one, session)))),
      session.sealed && await measured(),
      session.changes('admin') && removed?.length > 0 && card(t('Removed'), table(t('Removed plug-ins'), [t('Plug-in'), t('Version'), ''],
          removed.map(one => [one.id, one.version, button(t('Bring back'), () => back(one),
              {'aria-label': t('Bring back {id}', one)})]))));
}

function row(one, session) {
  return [h('span', {}, one.name || one.id, h('small', {class: 'under'}, one.id),
      h('small', {class: 'under'}, t('version {version}, since {since}', {version: one.version, since: moment(one.since)}))),
  one.kinds.map(called).join(', '), badge(t(one.state), kind(one.state)), offers(one), number(one.requests),
  h('span', {class: 'actions'}, button(t('Without it?'), () => impact(one),
      {'aria-label': t('Without it?') + ' ' + t('What if {id} stopped?', one)}),
      session.changes('admin') && changes(one))];
}

function offers(one) {
  return h('ul', {class: 'bare'}, one.provides.slice(0, 8).map(offer => h('li', {}, offer.name, offer.tier && ` – ${offer.tier}`, ' ',
      offer.in_use && badge(t('in use'), 'good'), offer.used_by?.length > 0 && h('small', {class: 'under'}, offer.used_by.join(', ')))),
  one.provides.length > 8 && h('li', {}, t('and {count} more', {count: one.provides.length - 8})));
}

function changes(one) {
  return [one.previous && button(t('Roll back to {previous}', one), () => back(one),
      {'aria-label': t('Roll back to {previous}: {id}', one)}),
  one.removable && button(t('Remove'), () => sure(t('Remove {id}?', one), t('It can be brought back here.'), t('Remove'),
      () => remove(path('plugins', one.id)), t('{id} is removed.', one)), {class: 'danger', 'aria-label': t('Remove {id}', one)})];
}

function back(one) {
  return act(() => post(path('plugins', one.id, 'rollback')).then(now => {
    say(t('{id} runs in version {version}.', now));
  }));
}

async function impact(one) {
  const found = await act(() => get(path('plugins', one.id, 'impact')));
  if (found === null) return;
  show(t('What if {id} stopped?', one), found.harmless && h('p', {}, badge(t('harmless'), 'good')),
      h('ul', {}, found.effects.map(effect => h('li', {}, badge(t(effect.severity), kind(effect.severity)), ' ', effect.text))),
      !found.harmless && found.effects.length === 0 && h('p', {}, t('Nothing is known.')));
}

/** A place for files: to drop them, or to choose them with the keyboard. */
function drop() {
  const input = h('input', {type: 'file', accept: '.jar', 'aria-label': t('Choose a bundle'), onchange: () => take(input.files)});
  const place = h('div', {class: 'drop', id: 'drop', ondragover: event => {
    event.preventDefault();
    place.classList.add('over');
  }, ondragleave: () => place.classList.remove('over'), ondrop: event => {
    event.preventDefault();
    place.classList.remove('over');
    take(event.dataTransfer.files);
  }}, h('p', {}, t('Drop a bundle here: a jar with a kernel, a policy, templates, a guard or a front end.')), input);
  return place;

  async function take(files) {
    place.setAttribute('data-busy', '');
    for (const file of files) await install(file);
    place.removeAttribute('data-busy');
    dispatchEvent(new Event('refresh'));
  }
}

async function install(file) {
  const size = {name: file.name, bytes: bytes(file.size)};
  if (!await confirm(t('Install {name}?', size), t('{bytes} of code will run in this server with all its rights.', size),
      t('Install'))) return;
  try {
    done(await post('plugins', file));
  } catch (error) {
    if (error.code !== 'name_taken') return say(error.message, 'bad');
    if (await confirm(t('Update with {name}?', size), error.message, t('Update'))) {
      await act(() => post('plugins?update=true', file).then(done));
    }
  }
}

function done(plugin) {
  say(t('{id} runs in version {version}.', plugin));
}
