// Policy: which one chooses, and why it chose whom.
import {get} from '../lib/api.js';
import {card, h, table} from '../lib/dom.js';
import {moment, number, t} from '../lib/words.js';

export const title = () => t('Policy');
export const every = 3000;

export async function render(session) {
  const {policy, dispatches} = await get('dispatch');
  return h('div', {class: 'stack'}, card(t('In use'), h('p', {}, policy)), explained(dispatches));
}

function explained(dispatches) {
  return card(t('Last choices, explained'), table(t('Last choices'), [t('When'), t('Model'), t('Chosen'), t('Why'), t('Policy'),
    t('Candidates')], dispatches.slice(0, 50).map(one => [moment(one.when), one.model, one.chosen, one.reason, one.policy,
    h('details', {}, h('summary', {}, String(one.candidates.length)), h('ul', {}, one.candidates.map(candidate =>
      h('li', {}, t('{id}: {speed} tokens per second, queue {queue}', {id: candidate.id,
        speed: number(candidate.tokens_per_second), queue: number(candidate.queue_length)})))))])));
}
