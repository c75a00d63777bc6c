// Audit: who changed what.
import {get} from '../lib/api.js';
import {badge, card, table} from '../lib/dom.js';
import {moment, t} from '../lib/words.js';

export const title = () => t('Audit');
export const role = 'admin';
export const every = 10000;

export async function render() {
  const {entries} = await get('audit');
  return card(t('Who changed what'), table(t('Audit'), [t('When'), t('Who'), t('What'), t('Which'), t('Outcome')],
      entries.map(entry => [moment(entry.when), entry.who, entry.what, entry.target ?? '–',
        badge(t(entry.outcome), entry.outcome === 'done' ? 'good' : 'bad')])));
}
