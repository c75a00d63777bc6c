// The choice of a model, and how the chosen one stands.
import {badge, h} from './shared/dom.js';
import {t} from './text.js';

/** How a model stands, for its line in the list; a loaded one says nothing. */
const STATES = {unloaded: () => t('not loaded'), loading: () => t('loading'), unloading: () => t('being unloaded'),
  failed: () => t('failed to load')};

/** A list of models, loaded ones first, and a badge; changed(name) is told what the reader chose. */
export class Picker {
  #models = [];
  #shown = '';
  #ready = {ready: true, reason: ''};
  #list;

  constructor(changed) {
    this.#list = h('select', {'aria-label': t('Model'), id: 'model', onchange: () => {
      this.#judge();
      changed(this.#list.value);
    }});
    this.state = h('span', {class: 'state', role: 'status', id: 'state'});
    this.place = this.#list;
  }

  /** The name of the chosen model; empty where there is none. */
  get value() {
    return this.#list.value;
  }

  /** Chooses a model if there is one of that name. */
  set value(name) {
    if (this.#models.some(model => model.id === name)) this.#list.value = name;
    this.#judge();
  }

  /** What the server tells of the chosen model. */
  get model() {
    return this.#models.find(model => model.id === this.#list.value);
  }

  /** Whether a model is on its way, so that the list is worth asking for again soon. */
  get moving() {
    return this.#models.some(model => ['loading', 'unloading'].includes(model.state));
  }

  /** Whether a model is loaded; one that the server does not list may be. */
  isLoaded(name) {
    const model = this.#models.find(one => one.id === name);
    return !model || loaded(model);
  }

  /** Shows these models; wanted is chosen where nothing was before, and where it is not there, one that is loaded. */
  show(models, ready, wanted) {
    this.#models = models;
    this.#ready = ready;
    const shown = models.map(model => model.id + ' ' + model.state).join('\n');
    if (shown !== this.#shown || models.length === 0) {
      const names = models.map(model => model.id);
      const chosen = [this.#list.value, wanted, models.find(loaded)?.id, names[0]].find(name => names.includes(name));
      this.#list.replaceChildren(...groups(models));
      if (chosen) this.#list.value = chosen;
      this.#shown = shown;
    }
    this.#judge();
  }

  #judge() {
    const state = this.model && !loaded(this.model) ? this.model.state : null;
    const word = state ? STATES[state]?.() ?? state : this.#ready.ready ? t('ready') : t('not ready');
    const kind = state === 'failed' ? 'bad' : state === 'unloaded' ? 'plain' : state || !this.#ready.ready ? 'warn' : 'good';
    this.state.title = state === 'unloaded' ? t('It is loaded when you send a message; the first answer takes longer.')
        : state ? '' : this.#ready.reason;
    if (this.state.textContent !== word) this.state.replaceChildren(badge(word, kind));
  }
}

function loaded(model) {
  return (model.state ?? 'ready') === 'ready';
}

function groups(models) {
  if (models.length === 0) return [h('option', {value: ''}, t('No model is served'))];
  const others = models.filter(model => !loaded(model));
  const here = models.filter(loaded).map(model => h('option', {value: model.id}, model.id));
  if (others.length === 0) return here;
  const rest = others.map(model => h('option', {value: model.id}, model.id + ' – ' + (STATES[model.state]?.() ?? model.state)));
  return [here.length > 0 && h('optgroup', {label: t('Loaded')}, here), h('optgroup', {label: t('Loaded when asked')}, rest)].filter(Boolean);
}
