// Overview: how the platform breathes, now and over the last day. Told once, then live.
import {badge, h} from '../shared/dom.js';
import {follow, get} from '../lib/api.js';
import {growing} from '../lib/figures.js';
import {card} from '../lib/parts.js';
import {plot} from '../lib/plot.js';
import {age, bytes, number, t} from '../lib/words.js';

export const title = () => t('Overview');

const SPANS = [['15 min', 15], ['1 h', 60], ['6 h', 360], ['24 h', 1440]];
const SPAN_SECONDS = 10;
const AGAIN_MS = 10_000;
let minutes = 60;
let stream = null;

addEventListener('visibilitychange', () => {
  if (document.hidden) stream?.close();
  else if (stream?.readyState === EventSource.CLOSED) dispatchEvent(new Event('refresh'));
});

export async function render() {
  stream?.close();
  const told = await get(`overview?minutes=${minutes}&points=240`);
  const figures = h('div', {}, tiles(told.now ?? {}));
  const state = h('span', {role: 'status'});
  const drawn = h('div', {}, plots(told.points));
  const page = h('div', {class: 'stack'}, told.damaged_records > 0 && h('p', {class: 'notice warn'},
      t('{count} spans of figures on disk were damaged when the server started, as a crash leaves them. They are left out.',
          {count: told.damaged_records})), figures, h('div', {class: 'actions'}, spans(), state), drawn);
  const grow = growing(told.points, minutes);
  stream = live(page, state, now => {
    const points = grow(now);
    // Nothing moves under who marks a figure to copy it.
    if (getSelection().type === 'Range') return;
    figures.replaceChildren(tiles(now));
    drawn.replaceChildren(plots(points));
  });
  return page;
}

/** Draws each second until another page is shown; where the server ends the stream the page begins anew after a while. */
function live(page, state, draw) {
  const source = follow('overview/stream', 'figures', now => page.isConnected ? draw(now) : source.close(), word => {
    state.replaceChildren(word === 'live' ? badge(t('live'), 'good') : badge(t('interrupted'), 'warn'));
    if (word === 'over') setTimeout(() => page.isConnected && dispatchEvent(new Event('refresh')), AGAIN_MS);
  });
  return source;
}

function tiles(now) {
  return h('dl', {class: 'tiles'}, [[t('Workers ready'), number(now.workers_ready)],
    [t('Tokens per second'), number(now.answer_tokens_per_second)], [t('To the first token'), age(now.first_token_ms)],
    [t('Running'), number(now.running)], [t('Waiting'), number(now.waiting)],
    [t('KV cache'), now.kv_blocks ? number(100 * now.kv_blocks_used / now.kv_blocks) + ' %' : '–'],
    [t('Weights'), bytes(now.weight_bytes)], [t('Memory'), bytes(now.memory_bytes)]]
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
      draw(t('Memory'), [of(t('whole process'), point => point.memory_bytes), of(t('Weights'), point => point.weight_bytes),
        of(t('KV cache'), point => point.kv_bytes)], bytes));
}

/** Where the server did not run no line is drawn: a point without values between two that are far apart. */
function gaps(points) {
  const times = [];
  const values = [];
  for (const point of points) {
    const at = Date.parse(point.at);
    // The span of this moment is still short.
    if (times.length > 0 && at - times.at(-1) > 3000 * Math.max(SPAN_SECONDS, point.seconds)) {
      times.push(at - 1000 * point.seconds);
      values.push(null);
    }
    times.push(at);
    values.push(point);
  }
  return {times, values};
}
