// What the reader set: parameters, presets and the last model, in this browser.
import {lasting} from './shared/memory.js';

const PLACE = 'alcove.chat';

/** {parameters, presets: {name: {system, parameters}}, model}. */
export function load() {
  try {
    const kept = JSON.parse(lasting.get(PLACE) ?? '{}');
    return {parameters: kept.parameters ?? {}, presets: kept.presets ?? {}, model: kept.model ?? ''};
  } catch {
    return {parameters: {}, presets: {}, model: ''};
  }
}

export function keep(preferences) {
  lasting.put(PLACE, JSON.stringify(preferences));
}
