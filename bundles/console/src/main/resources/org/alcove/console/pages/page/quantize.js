// Quantization: the order, its progress, and the report of its quality.
import {badge, button, field, h, say, select, show} from '../shared/dom.js';
import {get, path, post, remove} from '../lib/api.js';
import {act, card, kind, order, sure, table} from '../lib/parts.js';
import {bytes, moment, number, t, tiny} from '../lib/words.js';

/** Asks what to make of which model. */
export async function quantize(models) {
  const name = await order(t('Quantize a model'), [
    field(t('Model'), select(models.map(model => model.name), models[0].name, {name: 'source'})),
    field(t('Name of the new one'), h('input', {name: 'target', required: true, pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]{0,99}'}),
        t('Letters, digits, dots, dashes and underscores.')),
    h('div', {class: 'row'}, field(t('Scheme'), select(['sym_int4', 'asym_int4', 'sym_int8'], 'sym_int4', {name: 'scheme'})),
        field(t('Weights per scale'), h('input', {name: 'group', type: 'number', min: '1', value: '32', required: true})),
        field(t('Written as'), select([['gguf', 'GGUF'], ['hf', 'Hugging Face']], 'gguf', {name: 'container'})))], t('Quantize'),
  ({source, target, scheme, group, container}) => post('quantizations', {source, target, scheme, group_size: Number(group), container})
      .then(() => target));
  if (name !== null) say(t('{target} is being written.', {target: name}));
}

/** All orders since the server started. */
export function jobs(list, session) {
  const heads = [t('New model'), t('Made from'), t('Scheme'), t('State'), t('Begun'), ''];
  return card(t('Quantizations'), table(t('Quantizations'), heads, list.map(job => [job.target, job.source, job.scheme,
    state(job), h('span', {}, moment(job.started), h('small', {class: 'under'}, job.by)), orders(job, session)]),
  t('Nothing was quantized since the server started.')));
}

function state(job) {
  const done = job.progress;
  if (job.state !== 'running') {
    return h('span', {}, badge(t(job.state), kind(job.state)), job.message && h('small', {class: 'under'}, job.message));
  }
  return h('span', {}, h('progress', {max: String(done?.total || 1), value: String(done?.done ?? 0),
    'aria-label': t('Progress of {target}', job)}), h('small', {class: 'under'},
  done ? t('{done} of {total} tensors: {tensor}', done) : t('beginning')));
}

function orders(job, session) {
  if (job.state === 'done') {
    return button(t('Report'), () => report(job), {'aria-label': t('Report on {target}', job)});
  }
  return job.state === 'running' && session.changes('operator')
    ? button(t('Stop'), () => sure(t('Stop writing {target}?', job), t('Nothing is left of it.'), t('Stop'),
        () => remove(path('quantizations', job.id)), t('{target} was stopped.', job)), {'aria-label': t('Stop {target}', job)}) : '';
}

async function report(job) {
  const whole = job.report?.tensors ? job : await act(() => get(path('quantizations', job.id)));
  if (!whole?.report) return;
  const {report} = whole;
  show(t('Report on {target}', job), h('p', {}, t('{before} became {after} in {seconds} s.',
      {before: bytes(report.bytes_before), after: bytes(report.bytes_after), seconds: number(report.seconds)})),
  h('p', {}, t('RMSE is the root of the mean squared error of the weights against the source.')),
  table(t('Tensors'), [t('Tensor'), t('Format'), t('Size'), 'RMSE', t('Largest error'), t('Note')],
      report.tensors.map(one => [one.name, one.format, bytes(one.bytes_after), tiny(one.rmse), tiny(one.max_error), one.note])));
}
