// Models: what is served, with which template and why; load, unload, quantize.
import {badge, button, h} from '../shared/dom.js';
import {get, offered, path, post} from '../lib/api.js';
import {act, card, kind, sure, table} from '../lib/parts.js';
import {bytes, moment, number, t} from '../lib/words.js';
import {jobs, quantize} from './quantize.js';

export const title = () => t('Models');
export const every = 2500;

export async function render(session) {
  const [{models}, jobList] = await Promise.all([get('models'), offered('quantizations')]);
  return h('div', {class: 'stack'},
      card(t('Models'), jobList && session.may('operator') && models.length > 0
          && h('p', {}, button(t('Quantize …'), () => quantize(models), {class: 'primary'})),
      table(t('Models'), heads(session, models), models.map(model => row(model, session, models)), t('There is no model.'))),
      jobList && jobs(jobList.quantizations, session));
}

/** A server whose models all come from its configuration says nothing about whose they are. */
function mayOrder(session, models) {
  return session.may('operator') && models.some(model => model.ours !== undefined);
}

function heads(session, models) {
  const names = [t('Model'), t('State'), t('Size'), t('Context tokens'), t('Template and why'), t('Loaded')];
  return mayOrder(session, models) ? [...names, ''] : names;
}

function row(model, session, models) {
  const cells = [h('span', {}, model.name, h('small', {class: 'under'}, [model.architecture, model.formats].filter(Boolean).join(', ')),
      model.fingerprint && h('small', {class: 'under'}, model.fingerprint)),
  h('span', {}, badge(t(model.state ?? 'ready'), kind(model.state ?? 'ready')),
      model.reason && h('small', {class: 'under'}, model.reason)), bytes(model.file_bytes),
  number(model.context_tokens), model.template ?? '–', moment(model.loaded)];
  return mayOrder(session, models) ? [...cells, h('span', {class: 'actions'}, orders(model))] : cells;
}

/** A model that a file in conf/ names is not ours to load and unload. */
function orders(model) {
  if (!model.ours) return h('small', {}, t('named in the configuration'));
  if (['unloaded', 'failed'].includes(model.state)) {
    return button(t('Load'), () => act(() => post(path('models', model.name, 'load')), t('{name} is being loaded.', model)),
        {'aria-label': t('Load {name}', model)});
  }
  return button(t('Unload'), () => sure(t('Unload {name}?', model), t('Running answers may go on for a while; new requests are refused.'),
        t('Unload'), () => post(path('models', model.name, 'unload')), t('{name} is being unloaded.', model)),
    {'aria-label': t('Unload {name}', model)});
}
