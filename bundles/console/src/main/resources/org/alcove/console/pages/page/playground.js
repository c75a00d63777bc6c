// Playground: the same prompt on two models or kernels side by side, with speed and differences.
import {button, field, h, say, select} from '../shared/dom.js';
import {answer} from '../lib/answer.js';
import {get, offered, post, remove} from '../lib/api.js';
import {difference} from '../lib/difference.js';
import {card} from '../lib/parts.js';
import {age, number, t} from '../lib/words.js';

export const title = () => t('Playground');
export const asks = 'models';

/** A trial of kernels ends by itself after so long, should this page not come to end it. */
const TRIAL_SECONDS = 300;

export async function render(session) {
  const [{models}, {workers}, kernels] = await Promise.all([get('models'), get('workers'), offered('kernels')]);
  const names = models.filter(model => (model.state ?? 'ready') === 'ready').map(model => [model.name, told(model, workers)]);
  if (names.length === 0) return card(t('Compare'), h('p', {class: 'empty'}, t('No model is ready. Load one first.')));
  const tiers = session.changes('operator') && kernels ? tiersOf(models, workers, kernels.kernels) : null;
  const sides = [side(names, 0, tiers), side(names, 1, tiers)];
  const stop = button(t('Stop'), () => running?.abort(), {disabled: true});
  let running = null;
  const form = h('form', {onsubmit: event => {
    event.preventDefault();
    running = new AbortController();
    stop.disabled = false;
    compare(new FormData(form), sides, running.signal).catch(error => say(error.message, 'bad')).finally(() => {
      stop.disabled = true;
    });
  }}, fields(), h('div', {class: 'actions'}, stop, h('button', {type: 'submit', class: 'primary'}, t('Compare'))));
  return h('div', {class: 'stack'}, card(t('Prompt'), form,
      tiers && h('p', {class: 'under'}, t('A model can be computed by another kernel for one run. That holds for the whole server meanwhile: other answers go on with the same words, at that kernel’s speed.'))),
  h('div', {class: 'halves'}, sides.map(one => one.place)));
}

/** A model is computed by the kernels of its formats: two formats of the same model are two kernels to compare. */
function told(model, workers) {
  const kernels = workers.find(worker => worker.models.includes(model.name) && worker.computing?.kernels)?.computing.kernels;
  return kernels ? `${model.name} – ${kernels}` : model.name;
}

/** For each model that a worker of this process serves, the kernels that compute its formats, best first. */
function tiersOf(models, workers, kernels) {
  const here = new Set(workers.filter(worker => worker.local).flatMap(worker => worker.models));
  return Object.fromEntries(models.filter(model => here.has(model.name)).map(model => {
    const formats = (model.formats ?? '').split(',').map(format => format.trim());
    return [model.name, [...new Set(kernels.filter(one => formats.includes(one.format)).sort((a, b) => b.ranking - a.ranking)
        .map(one => one.tier))]];
  }));
}

function fields() {
  return [field(t('Prompt'), h('textarea', {name: 'prompt', rows: '4', required: true}, t('Write a short story about a fox.'))),
    h('div', {class: 'row'},
        field(t('Temperature'), h('input', {name: 'temperature', type: 'number', min: '0', max: '2', step: '0.1', value: '0'})),
        field(t('Seed'), h('input', {name: 'seed', type: 'number', step: '1', value: '7'})),
        field(t('At most, tokens'), h('input', {name: 'tokens', type: 'number', min: '1', step: '1', value: '128'})),
        field(t('API key'), h('input', {name: 'key', type: 'password', autocomplete: 'off'}),
            t('Only where the server asks for one.')))];
}

function side(names, i, tiers) {
  const kernel = h('select', {'aria-label': i === 0 ? t('Left kernel') : t('Right kernel')});
  const fill = () => {
    const offers = tiers?.[model.value] ?? [];
    kernel.hidden = offers.length < 2;
    kernel.replaceChildren(h('option', {value: ''}, t('the best kernel')), ...offers.map(tier => h('option', {value: tier}, tier)));
  };
  const model = select(names, names[Math.min(i, names.length - 1)][0], {'aria-label': i === 0 ? t('Left model') : t('Right model'),
    onchange: fill});
  fill();
  const text = h('div', {class: 'answer', 'aria-live': 'off'});
  const figures = h('dl', {class: 'figures'});
  const place = h('section', {class: 'card', 'aria-label': i === 0 ? t('Left') : t('Right')},
      h('div', {class: 'actions'}, model, kernel), figures, text);
  return {model, kernel, text, figures, place};
}

/** One after the other: at the same time each would slow the other down, and its speed would say nothing. */
async function compare(form, sides, signal) {
  const request = {messages: [{role: 'user', content: form.get('prompt')}], temperature: Number(form.get('temperature')),
    max_tokens: Number(form.get('tokens')), seed: Number(form.get('seed'))};
  const texts = [];
  const speeds = [];
  for (const one of sides) {
    one.text.replaceChildren();
    one.figures.replaceChildren();
  }
  for (const one of sides) {
    let text = '';
    const {result, kernels} = await computed(one, () => answer({...request, model: one.model.value}, form.get('key'), signal, piece => {
      text += piece;
      one.text.append(piece);
    }));
    texts.push(text);
    speeds.push(result.speed);
    one.figures.replaceChildren(...figures(result), ...kernels ? [figure(t('Computed by'), kernels)] : []);
  }
  mark(sides, difference(texts[0], texts[1]));
  if (speeds[0] > 0 && speeds[1] > 0) {
    sides.forEach((one, i) => one.figures.append(figure(t('Speed of the other'), t('{times} times this one',
        {times: number(speeds[1 - i] / speeds[i])}))));
  }
}

/** Has the chosen kernel compute while something is done, and tells by what it was computed. */
async function computed(one, what) {
  const tier = one.kernel.value;
  if (tier === '') {
    const worker = (await get('workers')).workers.find(each => each.local && each.models.includes(one.model.value));
    return {result: await what(), kernels: worker && listed(worker.kernels)};
  }
  const trial = await post('kernels/trial', {model: one.model.value, tier, seconds: TRIAL_SECONDS});
  try {
    return {result: await what(), kernels: listed(trial.computed_by)};
  } finally {
    await remove('kernels/trial');
  }
}

const listed = kernels => kernels.map(kernel => `${kernel.format} – ${kernel.tier}`).join(', ');

function figures(result) {
  return [[t('Tokens per second'), number(result.speed)], [t('To the first token'), age(result.firstMs)],
    [t('Tokens'), number(result.tokens)], [t('Ended by'), result.reason ?? '–'], [t('Made by'), result.fingerprint ?? '–']]
    .map(([name, value]) => figure(name, value));
}

function figure(name, value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}

function mark(sides, pieces) {
  const draw = list => list.map(piece => piece.same ? piece.text : h('mark', {}, piece.text));
  sides[0].text.replaceChildren(...draw(pieces.left));
  sides[1].text.replaceChildren(...draw(pieces.right));
  const same = pieces.left.every(piece => piece.same) && pieces.right.every(piece => piece.same);
  for (const one of sides) {
    one.figures.append(figure(t('Difference'), same ? t('none') : t('marked in the text')));
  }
}
