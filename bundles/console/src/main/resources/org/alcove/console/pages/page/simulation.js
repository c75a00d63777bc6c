// What each installed policy would have made of the requests of the last hour.
import {button, field, h, select} from '../shared/dom.js';
import {get, post} from '../lib/api.js';
import {act, card, table} from '../lib/parts.js';
import {plot} from '../lib/plot.js';
import {age, moment, number, t} from '../lib/words.js';

const LOADS = ['0.5', '1', '2', '5', '10'];
/** The last answer, for as long as the console is open: what it tells of has passed. */
let told = null;
let load = '1';

export function simulation(policy, session) {
  return card(t('The last hour under each policy'),
      h('p', {}, t('Replays when the requests came and how many tokens they had, with the speeds that were measured. Nothing is computed.')),
      h('div', {class: 'actions'}, session.may('operator') && field(t('Load'), select(LOADS.map(value => [value,
        value === '1' ? t('as it was') : t('{times} times as it was', {times: value})]), load, {onchange: event => load = event.target.value})),
      button(t('Simulate'), event => simulate(event.target, session), {class: 'primary'})),
      told && outcome(told, policy));
}

async function simulate(place, session) {
  place.disabled = true;
  const answer = await act(() => session.may('operator') && load !== '1'
    ? post('policy/simulation', {load: Number(load)}) : get('policy/simulation'));
  if (answer !== null) {
    told = answer;
    dispatchEvent(new Event('refresh'));
  }
}

function outcome(answer, policy) {
  if (answer.reason !== '') return h('p', {class: 'notice plain', role: 'status'}, answer.reason);
  const good = answer.policies.filter(one => one.fault === '');
  return h('div', {class: 'stack', id: 'simulated'},
      h('p', {role: 'status'}, t('{requests} requests since {from}, at {load} times the load. In truth they took {measured} on average.',
          {requests: number(answer.requests), from: moment(answer.from), load: number(answer.load),
            measured: seconds(answer.measured_response_seconds)}), answer.left_out > 0 && h('small', {class: 'under'},
          t('{count} more were for models that nobody serves now.', {count: number(answer.left_out)}))),
      table(t('The last hour under each policy'), [t('Policy'), t('Waiting, mean'), t('Waiting, 95 %'), t('Answered in, mean'),
        t('Queue, mean'), t('Queue, longest'), t('Requests of each worker')], answer.policies.map(one => row(one, policy))),
      good.length > 0 && waiting(good));
}

function row(one, policy) {
  const name = one.policy === policy.policy ? t('{name} (in use)', {name: one.policy}) : one.policy;
  if (one.fault !== '') return [name, h('span', {class: 'wide'}, one.fault), '–', '–', '–', '–', '–'];
  return [name, seconds(one.waiting_seconds), seconds(one.waiting_seconds_p95), seconds(one.response_seconds), number(one.queue),
    number(one.queue_longest), h('ul', {class: 'bare'}, one.shares.map(share => h('li', {}, `${share.worker}: `,
        h('meter', {value: share.work, 'aria-label': t('{worker} under {policy}', {worker: share.worker, policy: one.policy})}),
        h('small', {class: 'under'}, t('{requests}, {work} % of the tokens',
            {requests: number(share.requests), work: number(100 * share.work)})))))];
}

function seconds(value) {
  return age(1000 * value);
}

/** Which share of the requests waits no longer than how long. */
function waiting(policies) {
  const percent = policies[0].waiting_percentiles.map((value, i) => i);
  return plot(t('Waiting, of so many percent of the requests at most'), percent,
      policies.map(one => ({name: one.policy, values: one.waiting_percentiles})), seconds, {tick: value => value + ' %',
        tell: one => t('{name}: half wait {half} at most, 95 percent {most}', {name: one.name, half: seconds(one.values[50]),
          most: seconds(one.values[95])})});
}
