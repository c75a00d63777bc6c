// Plug-ins: what is installed, who uses it, what would happen without it; install, update, roll back.
import {get} from '../lib/api.js';
import {card, h, table} from '../lib/dom.js';
import {number, t} from '../lib/words.js';

export const title = () => t('Plug-ins');

export async function render(session) {
  const {plugins} = await get('plugins');
  return card(t('Installed'), table(t('Plug-ins'), [t('Name'), t('Kind'), t('Version'), t('State'), t('Offers'), t('Used by'),
    t('Requests served')], plugins.map(one => [one.name, one.kind, one.version, one.state, one.offers, one.used_by,
    number(one.requests)])));
}
