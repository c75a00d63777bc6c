// The chat page: holds its parts together.
import {button, h, icon, iconButton, say} from './shared/dom.js';
import {language} from './shared/words.js';
import {dress} from './shared/theme.js';
import {models, readiness, verdict} from './api.js';
import {run} from './answering.js';
import {Composer} from './composer.js';
import {askKey, judged, rewording, settings, shield} from './dialogs.js';
import {ICONS} from './icons.js';
import {keeping} from './keeping.js';
import {Library} from './library.js';
import {fields} from './parameters.js';
import {Picker} from './picker.js';
import {keep, load} from './preferences.js';
import {sidebar} from './sidebar.js';
import {openStore, whenMoved} from './store.js';
import {Thread} from './thread.js';
import {add, conversation, drop, follows, path, titleOf, turns} from './tree.js';
import {t} from './text.js';
import {listen, writes} from './writers.js';

const MODELS_MS = 15_000;
/** While a model is being loaded its state is asked for more often. */
const LOADING_MS = 2000;

const preferences = load();
const live = h('p', {class: 'hidden', role: 'status', 'aria-live': 'polite', id: 'live'});
const where = h('p', {class: 'under'}, t('Conversations stay in this browser.'));
const welcome = h('div', {class: 'welcome'}, h('h1', {}, t('What shall we talk about?')), where);
const context = h('span', {class: 'under', id: 'context'});
const picker = new Picker(name => {
  preferences.model = name;
  keep(preferences);
  figures();
});

const library = new Library({merged: redraw, left});
let current = conversation();
let attested = null;
let running = null;

const thread = new Thread({edit, again, retry, show: draw, running: message => running?.message === message});
const composer = new Composer({send, stop});
const side = sidebar({open, create, remove, save: tree => library.save(tree), all: () => library.trees, current: () => current,
  remote: () => library.store?.remote === true, keeping: () => !busy() && library.store && keeping(library.store, take)});
const scroll = h('div', {class: 'scroller', tabindex: 0, role: 'log', 'aria-live': 'off', 'aria-label': t('Conversations')}, welcome,
    thread.place);

async function start() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  dress();
  const menu = iconButton(ICONS.menu, t('Menu'), () => {
    const open = document.body.classList.toggle('menu');
    menu.setAttribute('aria-expanded', String(open));
  }, {id: 'menu', 'aria-controls': 'side', 'aria-expanded': 'false'});
  const shieldButton = button([icon(ICONS.shield), h('span', {}, t('Not verified'))], () => shield(attested),
      {class: 'quiet shield', id: 'shield'});
  document.getElementById('loading').remove();
  document.body.append(h('a', {class: 'skip', href: '#message'}, t('Skip to the message field')),
      h('div', {class: 'frame'}, side.place, h('main', {},
          h('header', {class: 'bar'}, menu, picker.place, picker.state, h('span', {class: 'space'}), context, shieldButton,
              iconButton(ICONS.tune, t('Settings'), tune, {id: 'tune'})), scroll, composer.place)),
      h('div', {id: 'notices'}), live);
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) stop();
  });
  document.querySelector('main').addEventListener('click', () => document.body.classList.remove('menu'), {capture: true});
  composer.focus();
  await take(await openStore());
  whenMoved(follow);
  listen(id => id in current.messages && redraw(current));
  addEventListener('hashchange', () => {
    const tree = library.named();
    if (tree && tree !== current) open(tree);
  });
  await refresh();
  await judge(shieldButton);
  // Where nobody here can tell, nobody will: the page would have come from another process.
  if (attested !== null) setInterval(() => judge(shieldButton), MODELS_MS);
}

/** Evidence grows old, and workers change: the shield shows what is true now. */
async function judge(place) {
  attested = await verdict();
  const judgement = judged(attested);
  place.replaceChildren(icon(ICONS.shield), h('span', {class: 'word ' + judgement.kind}, judgement.word));
}

/** Goes to where another tab moved the conversations. An answer that is being written goes along, and all are read at its end. */
let behind = false;
async function follow() {
  const next = await openStore();
  behind = running !== null;
  if (!behind) return take(next);
  library.follow(next);
  tell(next);
}

function tell(store) {
  where.textContent = store.remote ? t('Conversations are kept on the server, as you chose.') : t('Conversations stay in this browser.');
}

/** Shows the conversations of a store, which holds from now on. */
async function take(next) {
  const store = library.store = next;
  if (store.reason) say(t('This browser keeps nothing: conversations end with this page. {why}', {why: store.reason?.message ?? ''}), 'warn');
  tell(store);
  library.trees = [];
  try {
    library.trees = await store.all();
  } catch (error) {
    if (error.status === 401 && await askKey()) return take(next);
    say(t('The conversations on the server cannot be shown: {why}', {why: error.message}), 'bad');
  }
  if (store.unread > 0) say(t('This page cannot read {n} of the conversations on the server, and does not show them. They stay there.', {n: store.unread}), 'warn');
  open((current.title ? library.trees.find(tree => tree.id === current.id) : library.named()) ?? conversation(), false);
}

/** Asks which models there are. A wrong or missing key is asked for once, not every few seconds. */
let keyAsked = false;
let refreshing = 0;
async function refresh() {
  clearTimeout(refreshing);
  if (!document.hidden || !picker.model) await look();
  refreshing = setTimeout(refresh, picker.moving ? LOADING_MS : MODELS_MS);
}

async function look() {
  let served = [];
  try {
    served = await models();
  } catch (error) {
    if (error.status === 401 && !keyAsked) {
      keyAsked = true;
      if (await askKey()) return look();
    }
    if (error.status !== 401) console.warn(error.message);
  }
  picker.show(served, await readiness(), current.model || preferences.model);
  figures();
}

function figures() {
  const used = path(current).findLast(message => message.usage)?.usage.total_tokens;
  const size = picker.model?.max_model_len;
  context.textContent = used === undefined ? '' : size ? t('Context: {used} of {size} tokens', {used, size})
      : t('Context: {used} tokens', {used});
}

function draw() {
  welcome.hidden = path(current).length > 0;
  thread.draw(current);
  document.title = current.title ? current.title + ' · Alcove' : 'Alcove';
  figures();
}

function open(tree, focus = true) {
  current = tree;
  if (tree.model) picker.value = tree.model;
  history.replaceState(null, '', library.has(tree) ? '#' + tree.id : location.pathname);
  document.body.classList.remove('menu');
  composer.running(running?.tree === tree);
  draw();
  side.draw();
  scroll.scrollTop = scroll.scrollHeight;
  if (focus) composer.focus();
}

function create() {
  open(conversation());
}

/** Shows what other pages wrote. */
function redraw(tree) {
  side.draw();
  if (tree !== current) return;
  draw();
  for (const message of path(tree)) thread.update(message, running?.message === message);
}

async function remove(tree) {
  if (running?.tree === tree) stop();
  if (!await library.remove(tree)) return;
  if (current === tree) create();
  else side.draw();
}

/** A conversation that was deleted elsewhere is off the list; who reads it goes on reading. */
function left(tree) {
  if (running?.tree === tree) stop();
  side.draw();
}

async function tune() {
  if (await settings(current, preferences, picker.model?.default_sampling)) {
    keep(preferences);
    if (library.has(current)) await library.save(current);
  }
}

/** Whether an answer is being written, in any conversation; says so to who wants another. */
function busy(tell = text => say(text, 'warn')) {
  if (running !== null) tell(t('An answer is still being written, in “{title}”. Stop it, or wait for its end.', {title: running.tree.title}));
  return running !== null;
}

function send(text, files) {
  if (busy()) return false;
  const parent = path(current).at(-1)?.id ?? null;
  if (current.title === '') current.title = titleOf(text || files[0].name);
  answerTo(add(current, parent, {role: 'user', text, ...(files.length > 0 ? {files} : {})}));
  return true;
}

function edit(message) {
  if (busy()) return;
  rewording(message, text => {
    busy(why => { throw new Error(why); });
    answerTo(add(current, message.parent, {role: 'user', text, ...(message.files ? {files: message.files} : {})}));
  });
}

function again(message) {
  if (!busy()) answerTo(current.messages[message.parent]);
}

/** Asks again in place of an answer that failed; what was written before it failed stays, as a version. */
function retry(message, byItself) {
  if (busy()) return;
  const tries = byItself ? message.tries + 1 : 1;
  const question = current.messages[message.parent];
  if (message.text === '' && !message.reasoning && !follows(current, message.id)) drop(current, message.id);
  answerTo(question, tries);
}

/** Lets the model answer a message: another branch where there is an answer already. */
async function answerTo(question, tries = 1) {
  const tree = current;
  const model = picker.value;
  const message = add(tree, question.id, {role: 'assistant', model, tries, coming: true});
  const cancel = new AbortController();
  running = {tree, message, cancel};
  writes(message.id);
  tree.model = model;
  tree.updated = Date.now();
  composer.running(true);
  live.textContent = t('The model writes.');
  const kept = library.save(tree, tries === 1);
  open(tree, false);
  await kept;
  let planned = false;
  const grown = library.grows(tree);
  const body = {model, messages: turns(tree, question.id), ...fields(preferences.parameters)};
  const changed = () => {
    // Not with the frames: a tab in the background has none.
    if (message.first) grown();
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      showProgress(tree, message);
    });
  };
  await run(message, body, cancel.signal, {changed, loaded: () => picker.isLoaded(model), look: () => picker.moving || refresh()});
  running = null;
  writes(null);
  composer.running(false);
  showProgress(tree, message);
  live.textContent = message.fault ? t('The answer failed.') : message.stopped ? t('The answer was stopped.')
      : message.finish === 'content_filter' ? t('A guard ended the answer.') : t('The answer is complete.');
  await library.save(tree);
  if (behind) await follow();
  figures();
  if (!picker.isLoaded(model)) refresh();
  if (message.fault?.status === 401 && await askKey()) {
    await refresh();
    retry(message, false);
  }
}

/** Follows the end of the text, unless the reader has scrolled up. */
function showProgress(tree, message) {
  if (tree !== current) return;
  thread.update(message, running?.message === message);
  if (following) scroll.scrollTop = scroll.scrollHeight;
}

let following = true;
scroll.addEventListener('scroll', () => {
  following = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
});
scroll.addEventListener('shown', () => {
  if (following) scroll.scrollTop = scroll.scrollHeight;
});

function stop() {
  running?.cancel.abort();
}

start();
