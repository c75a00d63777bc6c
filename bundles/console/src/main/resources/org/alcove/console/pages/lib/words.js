// The console's words and numbers in the reader's language.
import {language, translator} from '../shared/words.js';
import {chinese} from '../text/zh.js';

/** The text in the reader's language with the values put in. */
export const t = translator(chinese);

const whole = new Intl.NumberFormat(language, {maximumFractionDigits: 0});
const fine = new Intl.NumberFormat(language, {maximumFractionDigits: 1});

/** A number as people write it. */
export function number(value) {
  if (value === undefined || value === null) return '–';
  return (Math.abs(value) < 100 ? fine : whole).format(value);
}

/** An error of weights: few digits, small powers. */
export function tiny(value) {
  return value === undefined || value === null ? '–' : Number(value).toPrecision(3);
}

/** Bytes in binary units. */
export function bytes(value) {
  if (value === undefined || value === null) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; value >= 1024 && i < units.length - 1; i++) value /= 1024;
  return fine.format(value) + ' ' + units[i];
}

/** A time of day, with the date where it is not today. */
export function moment(text) {
  if (!text) return '–';
  const date = new Date(text);
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(language, today ? {timeStyle: 'medium'} : {dateStyle: 'short', timeStyle: 'short'});
}

/** Milliseconds as people say them. */
export function age(ms) {
  if (ms === undefined || ms === null) return '–';
  return ms < 1000 ? whole.format(ms) + ' ms' : fine.format(ms / 1000) + ' s';
}
