// The dialogs of this page: settings, the shield, the API key.
import {ask, badge, button, field, h, select, show} from './shared/dom.js';
import {CHOICES, NUMBERS} from './parameters.js';
import {useKey} from './api.js';
import {keep} from './preferences.js';
import {t} from './text.js';

/**
 * Asks for system prompt and parameters, in place; resolves to whether something was applied. The defaults are what the server
 * takes for this model where nothing is sent.
 */
export async function settings(tree, preferences, defaults = {}) {
  const system = h('textarea', {name: 'system', rows: 4, dir: 'auto'}, tree.system);
  const inputs = new Map();
  const typed = preferences.parameters;
  for (const [name, label, help, standard, min, max, step] of NUMBERS) {
    const input = h('input', {name, type: 'number', min, max, step, value: typed[name] ?? '',
      placeholder: t('Server: {value}', {value: t(String(defaults[name] ?? standard))})});
    inputs.set(name, field(t(label), input, t(help)));
  }
  for (const [name, label, help, values] of CHOICES) {
    const choices = values.map(value => [value, value === '' ? t('as the model does') : t(value)]);
    inputs.set(name, field(t(label), select(choices, typed[name] ?? '', {name}), t(help)));
  }
  const stop = field(t('Stop at'), h('textarea', {name: 'stop', rows: 2}, typed.stop ?? ''),
      t('One text a line; the answer ends before it.'));
  const fill = preset => {
    system.value = preset.system;
    for (const name of [...inputs.keys(), 'stop']) system.form.elements[name].value = preset.parameters[name] ?? '';
  };
  const values = await ask(t('Settings'), [presets(preferences, fill),
    field(t('System prompt'), system, t('Said to the model before everything else.')),
    h('div', {class: 'row'}, ...inputs.values()), stop,
    field(t('Save these as a preset named'), h('input', {name: 'preset', maxlength: 60}))], t('Apply'));
  if (values === null) return false;
  tree.system = values.system;
  preferences.parameters = Object.fromEntries([...inputs.keys(), 'stop'].map(name => [name, values[name] ?? '']));
  const name = values.preset.trim();
  if (name !== '' && name !== '__proto__') {
    preferences.presets[name] = {system: tree.system, parameters: preferences.parameters};
  }
  return true;
}

function presets(preferences, fill) {
  const names = () => [['', t('Choose')], ...Object.keys(preferences.presets).map(name => [name, name])];
  const list = select(names(), '', {'aria-label': t('Preset'), onchange: () => {
    const preset = preferences.presets[list.value];
    if (preset) fill(preset);
  }});
  const remove = button(t('Delete this preset'), () => {
    delete preferences.presets[list.value];
    keep(preferences);
    list.replaceChildren(...select(names(), '').children);
  });
  return h('div', {class: 'actions'}, h('span', {}, t('Preset')), list, remove);
}

/** Asks for other words of a question and hands them over; what send throws is said in the dialog, and the words stay. */
export function rewording(message, send) {
  const files = message.files?.length > 0;
  const text = h('textarea', {name: 'text', rows: 8, dir: 'auto', required: !files}, message.text);
  return ask(t('Edit'), [field(t('Message'), text, t('Edit the message; sending makes a new branch.'))], t('Save and send'), values => {
    if (values.text.trim() === '' && !files) throw new Error(t('The message is empty.'));
    send(values.text);
  });
}

/** Asks for the API key; resolves to whether there is one now. */
export async function askKey() {
  const values = await ask(t('An API key is needed'), [
    h('p', {}, t('This server answers only with a key. It is kept until this tab is closed.')),
    field(t('API key'), h('input', {name: 'key', type: 'password', autocomplete: 'off', required: true}))], t('Use this key'));
  if (values === null) return false;
  useKey(values.key.trim());
  return true;
}

/** Word, colour and reasons of what the attesting client says; without one, nothing was verified. */
export function judged(verdict) {
  if (verdict === null) return {word: t('Not verified'), kind: 'plain', reasons: []};
  const accepted = verdict.verdict === 'accepted' || verdict.accepted === true;
  const reasons = [verdict.reasons, verdict.findings, verdict.reason].flat().filter(it => it !== undefined && it !== null)
      .map(it => typeof it === 'string' ? it : JSON.stringify(it));
  if (accepted && verdict.mock === true) return {word: t('Mock, proves nothing'), kind: 'bad', reasons};
  return accepted ? {word: t('Verified'), kind: 'good', reasons} : {word: t('Rejected'), kind: 'bad', reasons};
}

/** Says what the shield stands for. */
export function shield(verdict) {
  const judgement = judged(verdict);
  const text = verdict === null
      ? t('Nothing was verified about the machine that answers. This page came straight from the server, and a server cannot vouch for itself; only the attesting client on your own machine shows a verdict.')
      : t('The attesting client on this machine says:');
  show(t('What was verified'), h('p', {}, badge(judgement.word, judgement.kind)), h('p', {}, text),
      judgement.reasons.length > 0 && h('ul', {}, judgement.reasons.map(reason => h('li', {dir: 'auto'}, reason))));
}
