// A live line plot in SVG: no library, no canvas, and a text for who cannot see it.
import {h, s} from '../shared/dom.js';
import {language} from '../shared/words.js';
import {number, t} from './words.js';

const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 72;
const BOTTOM = 22;
const TOP = 10;

/**
 * Draws series over time, or over something else.
 *
 * @param title what is drawn, with its unit
 * @param times milliseconds since 1970, ascending
 * @param series list of {name, values}; a value of null is a gap
 * @param format writes a value
 * @param over where it is not time: {tick: writes a value of the lower axis, tell: says a series in words}
 */
export function plot(title, times, series, format = number, over = time) {
  const values = series.flatMap(one => one.values).filter(Number.isFinite);
  const top = nice(Math.max(...values, 0));
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 1];
  const x = time => LEFT + (WIDTH - LEFT - 8) * (to === from ? 1 : (time - from) / (to - from));
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const lines = series.map((one, i) => s('path', {class: 'line line-' + i, d: path(times, one.values, x, y)}));
  const picture = s('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': summary(title, series, format, over)},
      rules(top, y, format), axis(from, to, x, over), lines);
  return h('figure', {class: 'plot'}, h('figcaption', {}, title, legend(series, format)), picture);
}

function nice(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}

function path(times, values, x, y) {
  let drawing = false;
  return values.map((value, i) => {
    if (!Number.isFinite(value)) {
      drawing = false;
      return '';
    }
    const step = (drawing ? 'L' : 'M') + x(times[i]).toFixed(1) + ' ' + y(value).toFixed(1);
    // A point alone would leave no mark.
    const alone = !drawing && !Number.isFinite(values[i + 1]) ? 'h1' : '';
    drawing = true;
    return step + alone;
  }).join('');
}

function rules(top, y, format) {
  return [0, top / 2, top].map(value => s('g', {},
      s('line', {class: 'rule', x1: LEFT, x2: WIDTH - 8, y1: y(value), y2: y(value)}),
      s('text', {class: 'tick', x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end'}, format(value))));
}

const time = {
  tick: value => new Date(value).toLocaleTimeString(language, {hour: '2-digit', minute: '2-digit'}),
  tell: (one, format) => t('{name} now {now}, at most {most}', {name: one.name, now: format(last(one.values)),
    most: format(Math.max(...one.values.filter(Number.isFinite), 0))})
};

function axis(from, to, x, over) {
  if (to <= from) return [];
  return [[from, 'start'], [(from + to) / 2, 'middle'], [to, 'end']].map(([value, anchor]) =>
      s('text', {class: 'tick', x: x(value), y: HEIGHT - 5, 'text-anchor': anchor}, over.tick(value)));
}

function last(values) {
  return values.findLast(Number.isFinite);
}

function legend(series, format) {
  return h('span', {class: 'legend'}, series.map((one, i) => h('span', {class: 'key key-' + i},
      series.length > 1 ? one.name + ' ' : '', h('strong', {}, format(last(one.values))))));
}

function summary(title, series, format, over) {
  return title + ': ' + series.map(one => over.tell(one, format)).join('; ');
}
