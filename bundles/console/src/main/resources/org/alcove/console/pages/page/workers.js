// Workers: how each stands; drain and resume.
import {badge, button, h} from '../shared/dom.js';
import {get, path, post} from '../lib/api.js';
import {act, card, kind, sure, table} from '../lib/parts.js';
import {age, number, t} from '../lib/words.js';

export const title = () => t('Workers');
export const every = 2000;

export async function render(session) {
  const {workers} = await get('workers');
  const heads = [t('Worker'), t('State'), t('Last beat'), t('Tokens per second'), t('Running'), t('Waiting'), t('KV blocks'),
    t('Kernels')];
  return card(t('Workers'), table(t('Workers'), session.may('operator') ? [...heads, ''] : heads,
      workers.map(worker => row(worker, session)), t('No worker is registered. Start one, or load a model.')));
}

function row(worker, session) {
  const load = worker.load ?? {};
  const cells = [h('span', {}, worker.id, h('small', {class: 'under'}, worker.models.join(', '))),
    h('span', {}, badge(t(worker.state), kind(worker.state)), worker.reason && h('small', {class: 'under'}, worker.reason)),
    worker.heartbeat ? t('{age} ago', {age: age(worker.beat_age_ms)}) : t('none'), number(worker.tokens_per_second),
    number(load.running), number(load.waiting), `${number(load.kv_blocks_used)} / ${number(load.kv_blocks)}`, kernels(worker)];
  return session.may('operator') ? [...cells, order(worker)] : cells;
}

function kernels(worker) {
  if (!worker.kernels?.length) return worker.model?.formats ?? '–';
  return h('ul', {class: 'bare'}, worker.kernels.map(one => h('li', {}, `${one.format} – ${one.tier}`,
      h('small', {class: 'under'}, one.plugin))));
}

function order(worker) {
  if (worker.state === 'draining') {
    return button(t('Resume'), () => act(() => post(path('workers', worker.id, 'reopen')),
        t('{id} takes requests again.', {id: worker.id})), {'aria-label': t('Resume {id}', {id: worker.id})});
  }
  return button(t('Drain'), () => sure(t('Drain {id}?', {id: worker.id}),
      t('It takes no more requests. What it has goes on for a while and is then taken over by other workers.'), t('Drain'),
      () => post(path('workers', worker.id, 'drain')), t('{id} drains.', {id: worker.id})),
  {'aria-label': t('Drain {id}', {id: worker.id})});
}
