// Overview: how the platform breathes, now and over the last day.
import {get} from '../lib/api.js';
import {badge, card, h} from '../lib/dom.js';
import {plot} from '../lib/plot.js';
import {age, bytes, number, t} from '../lib/words.js';

export const title = () => t('Overview');
export const every = 5000;

const SPANS = [['1h', 3600], ['6h', 21600], ['24h', 86400]];
let span = 3600;

export async function render() {
  const {points} = await get('history?seconds=' + span);
  const {workers} = await get('workers');
  return h('div', {class: 'stack'}, tiles(points, workers), spans(), plots(points));
}

function tiles(points, workers) {
  const now = points.at(-1) ?? {};
  const ready = workers.filter(worker => worker.state === 'ready').length;
  return h('dl', {class: 'tiles'}, [[t('Workers ready'), `${ready} / ${workers.length}`],
    [t('Requests per minute'), number(now.requests_per_minute)], [t('Tokens per second'), number(now.tokens_per_second)],
    [t('To the first token'), age(now.first_token_ms)], [t('Waiting'), number(now.waiting)]]
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

function spans() {
  return h('div', {class: 'actions', role: 'group', 'aria-label': t('Time shown')}, SPANS.map(([name, seconds]) =>
    h('button', {type: 'button', class: seconds === span ? 'primary' : null, 'aria-pressed': String(seconds === span),
      'aria-label': name, onclick: () => {
        span = seconds;
        dispatchEvent(new Event('refresh'));
      }}, name)));
}

function plots(points) {
  if (points.length === 0) return card(t('Figures'), h('p', {class: 'empty'}, t('Nothing has been measured yet.')));
  const times = points.map(point => Date.parse(point.when));
  const of = (name, field) => ({name, values: points.map(point => point[field])});
  const draw = (title, series, format) => h('section', {class: 'card'}, plot(title, times, series, format));
  return h('div', {class: 'plots'}, draw(t('Requests per minute'), [of(t('Requests'), 'requests_per_minute')]),
      draw(t('Tokens per second'), [of(t('Tokens'), 'tokens_per_second')]),
      draw(t('To the first token'), [of(t('Median'), 'first_token_ms')], age),
      draw(t('Queue'), [of(t('Running'), 'running'), of(t('Waiting'), 'waiting')]),
      draw(t('Memory'), [of(t('KV cache'), 'kv_bytes'), of(t('Weights'), 'weight_bytes')], bytes));
}
