// The frame of all pages: who is here, where to go, and the page itself.
import {badge, button, h, say, select} from './shared/dom.js';
import {dress, theme} from './shared/theme.js';
import {language, speak} from './shared/words.js';
import {get, offered, remove, trust} from './lib/api.js';
import {t} from './lib/words.js';
import * as audit from './page/audit.js';
import * as keys from './page/keys.js';
import * as login from './page/login.js';
import * as models from './page/models.js';
import * as overview from './page/overview.js';
import * as people from './page/people.js';
import * as playground from './page/playground.js';
import * as plugins from './page/plugins.js';
import * as policy from './page/policy.js';
import * as workers from './page/workers.js';

const PAGES = {overview, workers, models, plugins, policy, playground, keys, people, audit};
const RANKS = ['viewer', 'operator', 'admin'];

let session = null;
let offers = [];
let timer = 0;
let shown = 0;

document.documentElement.lang = language;
dress();
addEventListener('hashchange', () => open(true));
addEventListener('refresh', () => open(false));
document.addEventListener('visibilitychange', () => session !== null && PAGES[here()].every && !document.hidden && open(false));
start();

async function start() {
  try {
    await welcome(await get('session'));
  } catch (error) {
    if (error.status === 401) {
      frame(login.render(welcome));
    } else {
      frame(h('main', {class: 'login'}, h('h1', {}, 'Alcove'), h('p', {role: 'alert'}, error.message),
          button(t('Try again'), start)));
    }
  }
}

async function welcome(answer) {
  trust(answer.csrf);
  const may = role => RANKS.indexOf(answer.role) >= RANKS.indexOf(role);
  const sealed = await there('sealed');
  session = {...answer, may, sealed, changes: role => may(role) && !sealed};
  const names = Object.keys(PAGES).filter(name => session.may(PAGES[name].role ?? 'viewer'));
  const answers = await Promise.all(names.map(name => there(PAGES[name].asks ?? name)));
  offers = names.filter((name, i) => answers[i]);
  frame(shell());
  open(true);
  if (answer.must_change_password) {
    say(t('Your password is the one that was printed at the first start. Change it.'), 'warn');
  }
}

/** Whether the server offers a part of the API; what it only fails at, it offers. */
async function there(name) {
  try {
    return await offered(name) !== null;
  } catch {
    return true;
  }
}

function frame(...content) {
  document.body.replaceChildren(h('div', {id: 'notices'}), ...content);
}

function here() {
  const name = location.hash.slice(2);
  return offers.includes(name) ? name : offers[0];
}

function shell() {
  return h('div', {class: 'frame'}, h('a', {class: 'skip', href: '#page', onclick: skip}, t('Skip to the page')),
      h('header', {class: 'side'}, h('a', {class: 'brand', href: '#/'}, 'Alcove'),
          h('nav', {'aria-label': t('Pages'), id: 'nav'}, offers.map(name => h('a', {href: '#/' + name}, PAGES[name].title())),
              session.changes('admin') && h('a', {href: '/admin/felix/bundles'}, t('Framework'))), settings()),
      h('main', {id: 'page', tabindex: '-1'}));
}

/** The address names the page that is shown, so a link within it would leave. */
function skip(event) {
  event.preventDefault();
  document.getElementById('page').focus();
}

function settings() {
  return h('div', {class: 'settings'},
      select([['en', 'English'], ['zh', '中文']], language, {'aria-label': t('Language'), onchange: event => speak(event.target.value)}),
      select([['auto', t('As the system')], ['light', t('Light')], ['dark', t('Dark')]], theme(),
          {'aria-label': t('Theme'), onchange: event => dress(event.target.value)}),
      h('span', {class: 'who'}, session.name, ' ', badge(t(session.role))),
      button(t('Password …'), login.change), button(t('Sign out'), leave));
}

async function leave() {
  try {
    await remove('session');
    out();
  } catch (error) {
    say(error.message, 'bad');
  }
}

function out() {
  session = null;
  clearTimeout(timer);
  start();
}

/** Shows the page of the address; a new one gets the focus, a repetition leaves the reader where he is. */
async function open(fresh) {
  if (session === null) return;
  clearTimeout(timer);
  const mine = ++shown;
  const page = PAGES[here()];
  const place = document.getElementById('page');
  if (!fresh && postponed(place)) return;
  if (fresh) {
    document.title = page.title() + ' – Alcove';
    for (const link of document.querySelectorAll('#nav a')) {
      link.toggleAttribute('data-here', link.hash === '#/' + here());
      if (link.hash === '#/' + here()) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    place.replaceChildren(h('h1', {}, page.title()), h('p', {class: 'empty', role: 'status'}, t('Loading …')));
    place.focus({preventScroll: true});
  }
  const content = await contents(page, fresh);
  if (mine !== shown || session === null || !fresh && postponed(place)) return;
  const why = session.sealed && page.writes ? [sealed()] : [];
  replace(place, h('h1', {}, page.title()), ...why, content);
  if (page.every && !document.hidden) timer = setTimeout(() => open(false), page.every);
}

/** Why what changes bundles, models and configurations is not shown. */
function sealed() {
  return h('p', {class: 'notice plain', id: 'sealed'}, t('This server is sealed: bundles, models and configurations stay as they were measured when it started, so nothing on this page changes them.'));
}

async function contents(page, fresh) {
  try {
    return await page.render(session, fresh);
  } catch (error) {
    if (error.status === 401) {
      out();
    }
    return h('p', {class: 'notice bad', role: 'alert'}, error.message);
  }
}

function postponed(place) {
  if (!busy(place)) return false;
  timer = setTimeout(() => open(false), 1000);
  return true;
}

/** Nothing is exchanged under the hands of who is writing or marking, and no dialog loses its page. */
function busy(place) {
  const focus = document.activeElement;
  return document.querySelector('dialog[open], [data-busy]') !== null || getSelection().type === 'Range'
    || place.contains(focus) && focus.matches('input, select, textarea');
}

/** Puts new content in place of the old and gives the focus back to what has the same name there. */
function replace(place, ...content) {
  const focus = place.contains(document.activeElement) ? document.activeElement : null;
  const label = focus?.getAttribute('aria-label');
  const opened = new Set([...place.querySelectorAll('details[open]')].map(one => one.dataset.key));
  place.replaceChildren(...content);
  for (const one of place.querySelectorAll('details')) one.open ||= opened.has(one.dataset.key);
  if (focus === place) place.focus({preventScroll: true});
  if (label) [...place.querySelectorAll('[aria-label]')].find(one => one.getAttribute('aria-label') === label)
    ?.focus({preventScroll: true});
}
