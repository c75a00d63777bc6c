// Models: what is served, with which template and why; load, unload, pin, quantize.
import {get} from '../lib/api.js';
import {card, h, table} from '../lib/dom.js';
import {moment, number, t} from '../lib/words.js';

export const title = () => t('Models');
export const every = 5000;

export async function render(session) {
  const {models} = await get('models');
  return card(t('Models'), table(t('Models'), [t('Model'), t('Architecture'), t('Context tokens'), t('Formats'), t('Template and why'),
    t('Workers'), t('Loaded')], models.map(model => [h('span', {}, model.name, h('small', {class: 'under'}, model.fingerprint)),
    model.architecture, number(model.context_tokens), model.formats, model.template, model.workers.join(', '),
    moment(model.loaded)])));
}
