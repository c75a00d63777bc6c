// Workers: how each stands, and drain, resume, remove.
import {get, path, post} from '../lib/api.js';
import {badge, button, card, confirm, fail, h, say, table} from '../lib/dom.js';
import {age, number, t} from '../lib/words.js';

const KINDS = {ready: 'good', starting: 'plain', draining: 'warn', late: 'warn', paused: 'warn', gone: 'bad'};

export const title = () => t('Workers');
export const every = 2000;

export async function render(session) {
  const {workers} = await get('workers');
  return card(t('Workers'), table(t('Workers'), [t('Worker'), t('State'), t('Last beat'), t('Tokens per second'), t('Running'),
    t('Waiting'), t('KV blocks'), t('Formats'), ''], workers.map(worker => row(worker, session)),
  t('No worker is registered. Start one, or load a model.')));
}

function row(worker, session) {
  const load = worker.load ?? {};
  return [h('span', {}, worker.id, h('small', {class: 'under'}, worker.models.join(', '))),
    h('span', {}, badge(t(worker.state), KINDS[worker.state]), worker.reason && h('small', {class: 'under'}, worker.reason)),
    worker.heartbeat ? t('{age} ago', {age: age(worker.beat_age_ms)}) : t('none'), number(worker.tokens_per_second),
    number(load.running), number(load.waiting), `${number(load.kv_blocks_used)} / ${number(load.kv_blocks)}`,
    worker.model?.formats ?? '–', session.may('operator') ? orders(worker) : ''];
}

function orders(worker) {
  const draining = worker.state === 'draining';
  return h('span', {class: 'actions'}, draining
    ? button(t('Resume'), () => tell(worker, 'reopen', t('{id} takes requests again.', {id: worker.id})),
        {'aria-label': t('Resume {id}', {id: worker.id})})
    : button(t('Drain'), () => drain(worker), {'aria-label': t('Drain {id}', {id: worker.id})}));
}

async function drain(worker) {
  const sure = await confirm(t('Drain {id}?', {id: worker.id}),
      t('It takes no more requests. What it has goes on for a while and is then taken over by other workers.'), t('Drain'));
  if (sure) await tell(worker, 'drain', t('{id} drains.', {id: worker.id}));
}

async function tell(worker, order, done) {
  try {
    await post(path('workers', worker.id, order));
    say(done);
  } catch (error) {
    fail(error);
  }
  dispatchEvent(new Event('refresh'));
}
