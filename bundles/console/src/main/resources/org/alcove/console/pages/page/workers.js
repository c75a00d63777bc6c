// Workers: how each stands, where and with what it computes; drain, resume, remove.
import {badge, button, confirm, h, say} from '../shared/dom.js';
import {get, path, post, remove} from '../lib/api.js';
import {act, card, kind, sure, table} from '../lib/parts.js';
import {age, bytes, number, t} from '../lib/words.js';

export const title = () => t('Workers');
export const every = 2000;

export async function render(session) {
  const {workers} = await get('workers');
  const heads = [t('Worker'), t('State'), t('Last beat'), t('Tokens per second'), t('Queue'), t('KV blocks'),
    t('Computes with')];
  return card(t('Workers'), table(t('Workers'), session.may('operator') ? [...heads, ''] : heads,
      workers.map(worker => row(worker, session)), t('No worker is registered. Start one, or load a model.')));
}

function row(worker, session) {
  const load = worker.load ?? {};
  const cells = [h('span', {}, worker.id, h('small', {class: 'under'}, worker.models.join(', '))),
    h('span', {}, badge(t(worker.state), kind(worker.state)), worker.reason && h('small', {class: 'under'}, worker.reason)),
    worker.heartbeat ? t('{age} ago', {age: age(worker.beat_age_ms)}) : t('none'), number(worker.tokens_per_second),
    t('{running} running, {waiting} waiting', {running: number(load.running), waiting: number(load.waiting)}),
    `${number(load.kv_blocks_used)} / ${number(load.kv_blocks)}`, h('span', {class: 'wide'}, kernels(worker), place(worker))];
  return session.may('operator') ? [...cells, h('span', {class: 'actions'}, order(worker),
    // A worker of this process goes with its model, and that stays.
    !(session.sealed && worker.local) && leave(worker))] : cells;
}

function kernels(worker) {
  // One of another process tells its kernels itself.
  if (!worker.kernels?.length) return worker.computing?.kernels || worker.model?.formats || '–';
  return h('ul', {class: 'bare'}, worker.kernels.map(one => h('li', {}, `${one.format} – ${one.tier} `,
      h('small', {}, one.plugin))));
}

/** Threads, the processors and memory node they are bound to, and what the model takes. */
function place(worker) {
  const how = worker.computing;
  return how?.placement && [h('small', {class: 'under'}, how.placement), h('small', {class: 'under'},
      t('weights {weights}, KV cache up to {cache}', {weights: bytes(how.weight_bytes), cache: bytes(how.kv_bytes)}))];
}

function leave(worker) {
  return button(t('Remove'), async () => {
    const text = worker.local ? t('Its model is unloaded. Running answers may go on for a while; new requests are refused.')
      : t('The controller forgets it. If its process still runs it registers anew with its next beat.');
    if (!await confirm(t('Remove {id}?', worker), text, t('Remove'))) return;
    await act(() => remove(path('workers', worker.id)).then(gone => say(gone.text)));
  }, {class: 'danger', 'aria-label': t('Remove {id}', worker)});
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
