// Policy: which one chooses, why it chose whom, and what others would have made of the last hour.
import {badge, button, field, h, select} from '../shared/dom.js';
import {get, offered, put} from '../lib/api.js';
import {act, card, table} from '../lib/parts.js';
import {moment, number, t} from '../lib/words.js';
import {simulation} from './simulation.js';

export const title = () => t('Policy');
export const asks = 'dispatch';
export const every = 3000;
export const writes = true;

export async function render(session) {
  const [policy, {dispatches}] = await Promise.all([offered('policy'), get('dispatch')]);
  return h('div', {class: 'stack'}, policy && choice(policy, session), policy && simulation(policy, session), explained(dispatches));
}

function choice(policy, session) {
  const rows = policy.installed.map(one => [one.name, one.plugin, one.version,
    one.name === policy.policy ? badge(t('in use'), 'good') : session.changes('operator')
      ? button(t('Use'), () => use(one.name), {'aria-label': t('Use {name}', one)}) : '']);
  return card(t('Who chooses the worker'),
      policy.missing.length > 0 && h('p', {class: 'notice bad'}, policy.in_use),
      table(t('Installed policies'), [t('Policy'), t('Plug-in'), t('Version'), ''], rows, t('No policy is installed.')),
      (session.changes('operator') || own(policy).length > 0) && models(policy, session));
}

function use(name) {
  return change(() => ({policy: name}), t('{name} chooses from now on.', {name}));
}

/** What the page shows may be some seconds old: others change it, too, and only what is asked for here is to change. */
function change(alter, done) {
  return act(async () => {
    const {policy, per_model} = await get('policy');
    return put('policy', {policy, per_model, ...alter(per_model)});
  }, done);
}

/** Models may have a policy of their own. */
function models(policy, session) {
  const rows = own(policy);
  const names = policy.installed.map(one => one.name);
  return h('details', {'data-key': 'models', open: rows.length > 0}, h('summary', {}, t('Policies of single models')),
      table(t('Policies of single models'), [t('Model'), t('Policy'), ''], rows.map(([model, name]) => [model, name,
        session.changes('operator') && button(t('Remove'), () => set(model, null), {'aria-label': t('Remove the policy of {model}', {model})})])),
      session.changes('operator') && h('form', {class: 'actions', onsubmit: event => {
        event.preventDefault();
        const form = new FormData(event.target);
        set(form.get('model'), form.get('policy'));
      }}, field(t('Model'), h('input', {name: 'model', required: true})),
      field(t('Policy'), select(names, policy.policy, {name: 'policy'})), h('button', {type: 'submit'}, t('Set'))));
}

const own = policy => Object.entries(policy.per_model ?? {});

function set(model, name) {
  return change(others => ({per_model: Object.fromEntries(Object.entries({...others, [model]: name})
      .filter(([, chosen]) => chosen !== null))}), t('Saved.'));
}

function explained(dispatches) {
  return card(t('Last choices, explained'), table(t('Last choices, explained'), [t('When'), t('Model'), t('Chosen'), t('Why'),
    t('Policy'), t('Candidates')], dispatches.slice(0, 50).map(one => [moment(one.when), one.model, one.chosen, one.reason, one.policy,
    h('details', {'data-key': one.request}, h('summary', {}, String(one.candidates.length)), h('ul', {}, one.candidates.map(candidate =>
      h('li', {}, t('{id}: {speed} tokens per second, queue {queue}', {id: candidate.id,
        speed: number(candidate.tokens_per_second), queue: number(candidate.queue_length)})))))])));
}
