// Audit: who changed what.
import {badge, button, h} from '../shared/dom.js';
import {get} from '../lib/api.js';
import {card, kind, table} from '../lib/parts.js';
import {moment, t} from '../lib/words.js';

export const title = () => t('Audit');
export const role = 'admin';

let before = null;

/** Who comes to the page begins with the newest. */
export async function render(session, fresh) {
  if (fresh) before = null;
  const {entries, next} = await get('audit?limit=100' + (before === null ? '' : '&before=' + before));
  const turn = to => {
    before = to;
    dispatchEvent(new Event('refresh'));
  };
  return card(t('Who changed what'), table(t('Who changed what'), [t('When'), t('Who'), t('What'), t('Which'), t('Details'),
    t('Outcome')], entries.map(one => [moment(one.when), h('span', {}, one.who, h('small', {class: 'under'}, t(one.via))), one.what,
    one.subject, one.detail, badge(t(one.outcome), kind(one.outcome))]), t('Nothing was changed yet.')),
  h('div', {class: 'actions'}, before !== null && button(t('Newest'), () => turn(null)),
      next !== null && next !== undefined && button(t('Older'), () => turn(next))));
}
