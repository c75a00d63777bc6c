// The list of conversations: search, rename, delete, out to a file and in again.
import {button, confirm, ask, field, h, iconButton, say, select} from './shared/dom.js';
import {language, speak} from './shared/words.js';
import {dress, theme} from './shared/theme.js';
import {ICONS} from './icons.js';
import {holds, uuid} from './tree.js';
import {fromJson, toJson, toMarkdown} from './transfer.js';
import {t} from './text.js';

/** Files larger than this are no conversations of ours. */
const LARGEST_FILE = 100 * 1024 * 1024;

/** Builds the list; the actions are open, create, save, remove, all, current, remote and keeping. */
export function sidebar(actions) {
  const search = h('input', {type: 'search', placeholder: t('Search'), 'aria-label': t('Search conversations'), oninput: () => draw()});
  const list = h('ul', {class: 'list'});
  const found = h('p', {class: 'hidden', role: 'status'});
  const place = h('aside', {class: 'side', id: 'side', 'aria-label': t('Conversations')},
      h('div', {class: 'brand'}, 'Alcove'),
      button(t('New conversation'), () => actions.create(), {class: 'primary', id: 'new'}), search,
      h('nav', {'aria-label': t('Conversations')}, list), found, tools(actions, () => draw()));

  function draw() {
    const shown = actions.all().filter(tree => holds(tree, search.value));
    found.textContent = search.value.trim() === '' ? '' : t('{n} found', {n: shown.length});
    list.replaceChildren(...shown.map(tree => entry(tree, actions, draw)));
    if (shown.length === 0) list.append(h('li', {class: 'empty'}, search.value ? t('Nothing found.') : t('Nothing here yet.')));
  }
  return {place, draw};
}

function entry(tree, actions, draw) {
  const title = tree.title || t('New conversation');
  const current = actions.current() === tree;
  return h('li', {class: current ? 'current' : null},
      button(h('span', {dir: 'auto', class: 'name'}, title), () => actions.open(tree),
          {class: 'quiet open', 'aria-current': current ? 'true' : null}),
      iconButton(ICONS.edit, t('Rename'), async () => {
        const values = await ask(t('Rename'), [field(t('Title'), h('input', {name: 'title', value: title, maxlength: 200, required: true}))],
            t('Rename'));
        if (values === null) return;
        tree.title = values.title.trim() || title;
        await actions.save(tree);
        draw();
      }),
      iconButton(ICONS.export, t('Export as Markdown'), () => download(fileName(title) + '.md', 'text/markdown', toMarkdown(tree))),
      iconButton(ICONS.remove, t('Delete'), async () => {
        if (await confirm(t('Delete this conversation?'), actions.remote() ? t('It is deleted on the server; it cannot be brought back.')
            : t('It is only in this browser; it cannot be brought back.'), t('Delete'))) {
          await actions.remove(tree);
        }
      }));
}

function tools(actions, draw) {
  const input = h('input', {type: 'file', accept: '.json,application/json', hidden: true, id: 'import', onchange: async () => {
    const [file] = input.files;
    input.value = '';
    if (file) await take(file, actions, draw);
  }});
  return h('div', {class: 'settings'},
      h('div', {class: 'actions'},
          iconButton(ICONS.export, t('Export all (JSON)'),
              () => download('alcove-conversations.json', 'application/json', toJson(actions.all()))),
          iconButton(ICONS.import, t('Import (JSON)'), () => input.click()), input,
          iconButton(ICONS.place, t('Where conversations are kept'), () => actions.keeping(), {id: 'keeping'})),
      select([['auto', t('As the system')], ['light', t('Light')], ['dark', t('Dark')]], theme(),
          {'aria-label': t('Colours'), id: 'theme', onchange: event => dress(event.target.value)}),
      select([['en', 'English'], ['zh', '中文']], language,
          {'aria-label': 'Language · 语言', onchange: event => speak(event.target.value)}));
}

async function take(file, actions, draw) {
  try {
    if (file.size > LARGEST_FILE) throw new Error(file.size + ' > ' + LARGEST_FILE);
    const trees = fromJson(await file.text());
    for (const tree of trees) {
      // What is here already stays; what comes in stands beside it.
      if (actions.all().some(it => it.id === tree.id)) tree.id = uuid();
      await actions.save(tree);
    }
    draw();
    say(t('{n} conversations were imported.', {n: trees.length}));
  } catch (error) {
    say(t('Nothing was imported: {why}', {why: error.message}), 'bad');
  }
}

const fileName = title => title.replace(/[^\p{L}\p{N}._ -]/gu, '').trim().slice(0, 60) || 'conversation';

function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], {type}));
  h('a', {href: url, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
