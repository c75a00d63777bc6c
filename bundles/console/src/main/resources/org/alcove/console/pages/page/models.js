// Models: what is served, with which template and why; load, unload, keep, quantize.
import {ask, badge, button, field, h, select} from '../shared/dom.js';
import {get, offered, path, post, put} from '../lib/api.js';
import {act, card, kind, sure, table} from '../lib/parts.js';
import {bytes, moment, number, t} from '../lib/words.js';
import {jobs, quantize} from './quantize.js';

export const title = () => t('Models');
export const every = 2500;

export async function render(session) {
  const [{models, budget}, jobList] = await Promise.all([get('models'), offered('quantizations')]);
  return h('div', {class: 'stack'},
      card(t('Models'), h('div', {class: 'actions'}, h('span', {}, memory(budget)), jobList && session.may('operator') && models.length > 0
          && button(t('Quantize …'), () => quantize(models), {class: 'primary'})),
      table(t('Models'), heads(session, models), models.map(model => row(model, session, models)), t('There is no model.'))),
      jobList && jobs(jobList.quantizations, session));
}

function memory(budget) {
  if (!budget) return '';
  return budget.bytes > 0 ? t('Memory of models: {used} of {bytes}', {used: bytes(budget.used_bytes), bytes: bytes(budget.bytes)})
    : t('Memory of models: {used}, without a limit', {used: bytes(budget.used_bytes)});
}

/** A server whose models all come from its configuration says nothing about whose they are. */
function mayOrder(session, models) {
  return session.may('operator') && models.some(model => model.ours !== undefined);
}

function heads(session, models) {
  const names = [t('Model'), t('State'), t('Memory'), t('Context tokens'), t('Template and why'), t('Last used')];
  return mayOrder(session, models) ? [...names, ''] : names;
}

function row(model, session, models) {
  const cells = [h('span', {}, model.name, h('small', {class: 'under'}, [model.architecture, model.formats].filter(Boolean).join(', ')),
      model.fingerprint && h('small', {class: 'under'}, model.fingerprint)),
  h('span', {}, badge(t(model.state ?? 'ready'), kind(model.state ?? 'ready')), model.pinned && badge(t('pinned')),
      model.reason && h('small', {class: 'under'}, model.reason)), bytes(model.predicted_bytes ?? model.file_bytes),
  number(model.context_tokens), model.template ?? '–', moment(model.last_used)];
  return mayOrder(session, models) ? [...cells, h('span', {class: 'actions'}, orders(model))] : cells;
}

/** A model that a file in conf/ names is not ours to load and unload. */
function orders(model) {
  if (!model.ours) return h('small', {}, t('named in the configuration'));
  if (['unloaded', 'failed'].includes(model.state)) {
    return button(t('Load'), () => act(() => post(path('models', model.name, 'load')), t('{name} is being loaded.', model)),
        {'aria-label': t('Load {name}', model)});
  }
  return [button(t('Keep …'), () => keep(model), {'aria-label': t('How long to keep {name}', model)}),
    button(t('Unload'), () => sure(t('Unload {name}?', model), t('Running answers may go on for a while; new requests are refused.'),
        t('Unload'), () => post(path('models', model.name, 'unload')), t('{name} is being unloaded.', model)),
    {'aria-label': t('Unload {name}', model)})];
}

async function keep(model) {
  const values = await ask(t('How long to keep {name}', model), [
    field(t('Pinned'), select([['no', t('no')], ['yes', t('yes')]], model.pinned ? 'yes' : 'no', {name: 'pinned'}),
        t('A pinned model does not make room for others.')),
    field(t('Keep alive, seconds'), h('input', {name: 'seconds', type: 'number', min: '0', step: '1', required: true,
      value: String(model.keep_alive_seconds ?? 0)}), t('How long it stays without a request; 0 for as long as there is room.'))],
  t('Save'));
  if (values !== null) {
    await act(() => put(path('models', model.name, 'keeping'),
        {pinned: values.pinned === 'yes', keep_alive_seconds: Number(values.seconds)}), t('Saved.'));
  }
}
