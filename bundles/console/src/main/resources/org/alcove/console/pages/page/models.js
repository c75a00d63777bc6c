// Models: what is served, with which template and why; load, unload, quantize.
import {badge, button, h} from '../shared/dom.js';
import {get, offered, patch, path, post} from '../lib/api.js';
import {act, card, kind, sure, table} from '../lib/parts.js';
import {bytes, moment, number, t} from '../lib/words.js';
import {jobs, quantize} from './quantize.js';

export const title = () => t('Models');
export const every = 2500;
export const writes = true;

export async function render(session) {
  const [{models, budget}, jobList] = await Promise.all([get('models'), offered('quantizations')]);
  return h('div', {class: 'stack'},
      card(t('Models'), jobList && session.changes('operator') && models.length > 0
          && h('p', {}, button(t('Quantize …'), () => quantize(models), {class: 'primary'})),
      budget && memory(budget), table(t('Models'), heads(session, models), models.map(model => row(model, session, models)), t('There is no model.'))),
      jobList && jobs(jobList.quantizations, session));
}

/** What models may take together, and take. */
function memory(budget) {
  const text = t('{held} of {bytes} of memory are taken by models', {held: bytes(budget.held), bytes: bytes(budget.bytes)});
  return h('p', {}, h('meter', {value: String(Math.min(1, budget.held / budget.bytes)), 'aria-label': text}), ' ', text);
}

/** A server whose models all come from its configuration says nothing about whose they are. */
function mayOrder(session, models) {
  return session.changes('operator') && models.some(model => model.ours !== undefined || here(model));
}

/** Whether it is this process's to load, unload and keep. */
function here(model) {
  return model.pinned !== undefined;
}

function heads(session, models) {
  const names = [t('Model'), t('State'), t('Size'), t('Memory'), t('Context tokens'), t('Template and why'), t('Loaded')];
  return mayOrder(session, models) ? [...names, ''] : names;
}

function row(model, session, models) {
  const cells = [h('span', {}, model.name, h('small', {class: 'under'}, [model.architecture, model.formats].filter(Boolean).join(', ')),
      model.fingerprint && h('small', {class: 'under'}, model.fingerprint)),
  h('span', {}, badge(t(model.state ?? 'ready'), kind(model.state ?? 'ready')),
      model.reason && h('small', {class: 'under'}, model.reason)), bytes(model.file_bytes), takes(model),
  number(model.context_tokens), model.template ?? '–', moment(model.loaded)];
  return mayOrder(session, models) ? [...cells, h('span', {class: 'actions'}, orders(model))] : cells;
}

/** What it takes when all of it is in use, beside what it takes now. */
function takes(model) {
  return h('span', {}, model.predicted_bytes ? t('up to {bytes}', {bytes: bytes(model.predicted_bytes.total)}) : '–',
      model.measured_bytes && h('small', {class: 'under'}, t('{bytes} now', {bytes: bytes(model.measured_bytes.total)})),
      model.last_use && h('small', {class: 'under'}, t('last used {when}', {when: moment(model.last_use)})));
}

/** A model that another process serves by its own configuration is not ours to load and unload. */
function orders(model) {
  if (!model.ours && !here(model)) return h('small', {}, t('named in the configuration'));
  return h('span', {class: 'actions'}, place(model), here(model) && pin(model), here(model) && keepAlive(model));
}

function place(model) {
  if (['unloaded', 'failed'].includes(model.state)) {
    return button(t('Load'), () => act(() => post(path('models', model.name, 'load')), t('{name} is being loaded.', model)),
        {'aria-label': t('Load {name}', model)});
  }
  return button(t('Unload'), () => sure(t('Unload {name}?', model), t('Running answers may go on for a while; new requests are refused.'),
        t('Unload'), () => post(path('models', model.name, 'unload')), t('{name} is being unloaded.', model)),
    {'aria-label': t('Unload {name}', model)});
}

function pin(model) {
  return button(model.pinned ? t('Unpin') : t('Pin'), () => act(() => patch(path('models', model.name), {pinned: !model.pinned})),
      {'aria-label': model.pinned ? t('Unpin {name}', model) : t('Pin {name}', model), 'aria-pressed': String(model.pinned)});
}

/** How long it stays loaded after its last use; a time that somebody set otherwise is among those offered. */
function keepAlive(model) {
  const seconds = model.keep_alive_seconds;
  const offers = [[null, t('stays: default')], [-1, t('stays for ever')], [0, t('goes at once')], [300, t('stays 5 min')],
    [3600, t('stays 1 h')]];
  if (!offers.some(([value]) => value === seconds)) offers.push([seconds, t('stays {seconds} s', {seconds})]);
  const select = h('select', {'aria-label': t('How long {name} stays loaded', model)}, offers.map(([value, text]) =>
      h('option', {value: String(value), ...(value === seconds ? {selected: ''} : {})}, text)));
  select.addEventListener('change', () => act(() => patch(path('models', model.name),
      {keep_alive_seconds: select.value === 'null' ? null : Number(select.value)})));
  return select;
}
