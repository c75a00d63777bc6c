// Overview: how the platform breathes, now and over the last day.
import {h} from '../shared/dom.js';
import {get} from '../lib/api.js';
import {card} from '../lib/parts.js';
import {plot} from '../lib/plot.js';
import {age, bytes, number, t} from '../lib/words.js';

export const title = () => t('Overview');
export const every = 3000;

const SPANS = [['15 min', 15], ['1 h', 60], ['6 h', 360], ['24 h', 1440]];
let minutes = 60;

export async function render() {
  const {now, points} = await get(`overview?minutes=${minutes}&points=240`);
  return h('div', {class: 'stack'}, tiles(now ?? {}), spans(), plots(points));
}

function tiles(now) {
  return h('dl', {class: 'tiles'}, [[t('Workers ready'), number(now.workers_ready)],
    [t('Tokens per second'), number(now.answer_tokens_per_second)], [t('To the first token'), age(now.first_token_ms)],
    [t('Running'), number(now.running)], [t('Waiting'), number(now.waiting)],
    [t('KV cache'), now.kv_blocks ? number(100 * now.kv_blocks_used / now.kv_blocks) + ' %' : '–'],
    [t('Memory'), bytes(now.memory_bytes)]]
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

function spans() {
  return h('div', {class: 'actions', role: 'group', 'aria-label': t('Time shown')}, SPANS.map(([name, length]) =>
    h('button', {type: 'button', class: length === minutes ? 'primary' : null, 'aria-pressed': String(length === minutes),
      'aria-label': name, onclick: () => {
        minutes = length;
        dispatchEvent(new Event('refresh'));
      }}, name)));
}

function plots(points) {
  if (points.length === 0) return card(t('Figures'), h('p', {class: 'empty'}, t('Nothing has been measured yet.')));
  const {times, values} = gaps(points);
  const of = (name, value) => ({name, values: values.map(point => point === null ? null : value(point))});
  const draw = (title, series, format) => h('section', {class: 'card'}, plot(title, times, series, format));
  const minute = field => point => point.seconds > 0 ? point[field] * 60 / point.seconds : null;
  return h('div', {class: 'plots'},
      draw(t('Requests per minute'), [of(t('ended'), minute('requests')), of(t('failed'), minute('failed'))]),
      draw(t('Tokens per second'), [of(t('written'), point => point.answer_tokens_per_second),
        of(t('read'), point => point.prompt_tokens_per_second)]),
      draw(t('To the first token'), [of(t('mean'), point => point.first_token_ms), of(t('longest'), point => point.first_token_ms_max)],
          age),
      draw(t('Queue'), [of(t('Running'), point => point.running), of(t('Waiting'), point => point.waiting)]),
      draw(t('KV cache, percent'), [of(t('used'), point => point.kv_blocks ? 100 * point.kv_blocks_used / point.kv_blocks : null)]),
      draw(t('Memory'), [of(t('whole process'), point => point.memory_bytes), of(t('Weights'), point => point.weight_bytes)], bytes));
}

/** Where the server did not run no line is drawn: a point without values between two that are far apart. */
function gaps(points) {
  const times = [];
  const values = [];
  for (const point of points) {
    const at = Date.parse(point.at);
    if (times.length > 0 && at - times.at(-1) > 3000 * point.seconds) {
      times.push(at - 1000 * point.seconds);
      values.push(null);
    }
    times.push(at);
    values.push(point);
  }
  return {times, values};
}
