// A sealed process: what was measured, and the one way in that is left.
import {field, h, say} from '../shared/dom.js';
import {get, post} from '../lib/api.js';
import {card, table} from '../lib/parts.js';
import {t} from '../lib/words.js';

/** A form for a plug-in and its signature. */
export function bring() {
  const jar = h('input', {type: 'file', name: 'jar', accept: '.jar', required: true});
  const signature = h('input', {type: 'file', name: 'signature', accept: '.sig', required: true});
  const form = h('form', {id: 'signed', onsubmit: async event => {
    event.preventDefault();
    form.setAttribute('data-busy', '');
    try {
      const line = (await signature.files[0].text()).trim();
      const one = await post('sealed/plugins', jar.files[0], {'Alcove-Signature': line});
      say(t('{name} {version} runs, signed by {signer}.', one));
    } catch (error) {
      say(error.message, 'bad');
    } finally {
      form.removeAttribute('data-busy');
      dispatchEvent(new Event('refresh'));
    }
  }}, h('div', {class: 'row'}, field(t('Plug-in'), jar, t('A jar that the sealed policy lists.')),
      field(t('Signature'), signature, t('The .sig file that ./alcove sign wrote.'))),
  h('div', {class: 'actions'}, h('button', {type: 'submit', class: 'primary'}, t('Install'))));
  return card(t('Bring in a signed plug-in'), form);
}

/** Every bundle that runs, as it was measured. */
export async function measured() {
  const {bundles} = await get('sealed');
  return card(t('Measured when they came'), table(t('Measured when they came'), [t('Bundle'), t('Version'), 'SHA-256', t('Signed by')],
      bundles.map(one => [one.name, one.version, h('code', {}, one.sha256), one.signer || t('part of the product')])));
}
