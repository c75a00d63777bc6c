// What becomes of a reader's words where something goes wrong or is cut short; each a sentence.
import assert from 'node:assert/strict';
import {ANSWERED, ask, open, shown, words} from './chat-steps.mjs';

const SLOW = {pieces: Array.from({length: 400}, (_, i) => 'word' + i + ' '), rate: 20};
const CUT = 'The page was closed while the answer was coming.';
/** The largest conversation that the server takes, in bytes. */
const LARGEST = 4 * 1024 * 1024;

const say = (page, fake) => page.evaluate(value => { window.fake = value; }, fake);
const code = page => page.evaluate(() => localStorage.getItem('alcove.box'));
const faults = page => page.locator('.fault:visible').count();

/** Begins an answer that takes long. */
async function begin(page, text, fake = SLOW) {
  await say(page, fake);
  await page.fill('#message', text);
  await page.press('#message', 'Enter');
  await shown(page, 'word1');
}

/** What the server keeps under a code, as text. */
const boxed = (page, box) => page.evaluate(async given => (await fetch('/chat/conversations', {headers: {'X-Alcove-Box': given}})).text(), box);
const local = page => page.evaluate(async () => {
  const {openLocal} = await import('/chat/store.js');
  return (await (await openLocal()).all()).map(tree => tree.title);
});

/** Waits until this browser keeps some words of an answer; how many it keeps then. */
const keptSome = page => page.evaluate(async () => {
  const {openLocal} = await import('/chat/store.js');
  const store = await openLocal();
  for (;;) {
    const [tree] = await store.all();
    const text = Object.values(tree?.messages ?? {}).map(message => message.text).join('');
    if (text.includes('word1 ')) return text.split(' ').length;
  }
});

async function moveToServer(page) {
  await page.click('#keeping');
  await page.click('#to-server');
  await page.waitForSelector('dialog', {state: 'detached'});
}

export const scenarios = {
  async whatThePageCannotReadStaysOnTheServerAndIsCounted(page, {url}) {
    await open(page, url, words('an answer'));
    await ask(page, 'a question');
    await moveToServer(page);
    const box = await code(page);
    await page.evaluate(given => fetch('/chat/conversations/odd', {method: 'PUT', headers: {'X-Alcove-Box': given},
      body: '{"id":"odd","title":7,"messages":{}}'}), box);
    await page.reload();
    await page.waitForSelector('text=This page cannot read 1 of the conversations on the server, and does not show them.');
    await page.click('#keeping');
    await page.click('#to-browser');
    await page.waitForSelector('dialog .fault');
    assert.match(await page.textContent('dialog .fault'), /^Nothing was moved: this page cannot read 1 of 2 conversations/);
    assert.equal(await code(page), box);
    assert.equal((await boxed(page, box)).trim().split('\n').length, 2);
    assert.deepEqual(await local(page), []);
  },

  async whatTheServerCannotReadStaysThereWhenTheOthersAreBroughtBack(page, {url}) {
    await open(page, url, words('an answer'));
    await ask(page, 'a question');
    await moveToServer(page);
    const box = await code(page);
    await page.evaluate(given => fetch('/chat/conversations/odd', {method: 'PUT', headers: {'X-Alcove-Box': given},
      body: '{"id":"odd","title":"left out","messages":{}}'}), box);
    // The server leaves out what it cannot read, and tells only its log.
    await page.route('**/chat/conversations', async route => {
      if (route.request().method() !== 'GET') return route.continue();
      const all = await (await route.fetch()).text();
      return route.fulfill({body: all.split('\n').filter(line => !line.includes('left out')).join('\n')});
    });
    await page.click('#keeping');
    await page.click('#to-browser');
    await page.waitForSelector('dialog', {state: 'detached'});
    await page.unroute('**/chat/conversations');
    assert.deepEqual(await local(page), ['a question']);
    assert.equal(await boxed(page, box), '{"id":"odd","title":"left out","messages":{}}\n');
  },

  async aConversationThatTheServerRefusesLeavesNoCopiesOfTheOthersThere(page, {url}) {
    await open(page, url, words('an answer'));
    await ask(page, 'a question');
    await page.evaluate(async size => {
      const {openLocal} = await import('/chat/store.js');
      const {add, conversation} = await import('/chat/tree.js');
      const tree = conversation(1, 'large');
      tree.title = 'the large one';
      add(tree, null, {role: 'user', text: 'x'.repeat(size)});
      await (await openLocal()).put(tree);
    }, LARGEST);
    const boxes = new Set();
    page.on('request', request => request.method() === 'PUT' && boxes.add(request.headers()['x-alcove-box']));
    await page.click('#keeping');
    await page.click('#to-server');
    await page.waitForSelector('dialog .fault');
    const said = await page.textContent('dialog .fault');
    assert.match(said, /^Nothing was moved: “the large one” has 4\d{6} bytes: a conversation may have 4194304 bytes/);
    assert.equal(boxes.size, 1);
    for (const box of boxes) assert.equal(await boxed(page, box), '', 'a copy lies under a code that nobody knows');
    assert.equal(await code(page), null);
    assert.deepEqual(await local(page), ['a question', 'the large one']);
  },

  async whatLayUnderACodeStaysThereWhereNotAllCanBeAdded(page, {url}) {
    const box = 'abcdef01'.repeat(8);
    await open(page, url, words('an answer'));
    await ask(page, 'a question');
    const id = await page.evaluate(async given => {
      const {Boxed, openLocal} = await import('/chat/store.js');
      const {conversation} = await import('/chat/tree.js');
      const there = new Boxed(given);
      await there.clear();
      const [tree] = await (await openLocal()).all();
      await there.put({...conversation(1, 'other'), title: 'another one'});
      return tree.id;
    }, box);
    await page.evaluate(async () => {
      const {openLocal} = await import('/chat/store.js');
      const {conversation} = await import('/chat/tree.js');
      await (await openLocal()).put({...conversation(1, 'refused'), title: 'refused'});
    });
    await page.route('**/chat/conversations/refused', route => route.fulfill({status: 507, contentType: 'application/json',
      body: '{"error":{"message":"made up"}}'}));
    await page.click('#keeping');
    await page.fill('[name=code]', box);
    await page.click('#use-code');
    await page.waitForSelector('text=/“refused” has \\d+ bytes: made up/');
    const left = await boxed(page, box);
    assert.match(left, /another one/);
    assert.ok(!left.includes(id), 'what was copied stays there');
  },

  async anAnswerThatAReloadCutSaysSoAndCanBeTriedAgain(page, {url}) {
    await open(page, url);
    await begin(page, 'Go on and on');
    await keptSome(page);
    await page.reload();
    await shown(page, CUT);
    await shown(page, 'word1');
    await moveToServer(page);
    await page.reload();
    await shown(page, CUT);
    await say(page, words('a whole answer'));
    await page.click('text=Try again');
    await shown(page, 'a whole answer');
    assert.equal(await faults(page), 0);
    await page.reload();
    await shown(page, 'a whole answer');
    assert.equal(await faults(page), 0, 'an answer that came to its end');
  },

  async anAnswerWithoutAWordOfItsEndIsNotTakenForCut(page, {url}) {
    await open(page, url);
    // So a conversation was kept on the server, or came out of a file, before an answer told that it is on its way.
    const id = await page.evaluate(async () => {
      const {openLocal} = await import('/chat/store.js');
      const {add, conversation} = await import('/chat/tree.js');
      const tree = {...conversation(), title: 'an old one'};
      add(tree, add(tree, null, {role: 'user', text: 'a question'}).id, {role: 'assistant', text: 'a whole old answer'});
      await (await openLocal()).put(tree);
      return tree.id;
    });
    await page.goto(url + '/#' + id);
    await page.reload();
    await shown(page, 'a whole old answer');
    assert.equal(await faults(page), 0);
  },

  async theFirstWordsOfAnAnswerAreKeptSoonAfterTheyCame(page, {url}) {
    await open(page, url);
    await begin(page, 'Go on and on');
    const words = await keptSome(page);
    assert.ok(words < 40, words + ' words had come when the first were kept');
  },

  async anAnswerThatAnotherTabWritesIsNotTakenForCut(page, {url, another}) {
    await open(page, url, words('first answer'));
    await ask(page, 'first question');
    await begin(page, 'second question', {...SLOW, pieces: SLOW.pieces.concat(SLOW.pieces)});
    await keptSome(page);
    const other = await another();
    await other.goto(page.url());
    await shown(other, 'word1');
    await other.waitForFunction(() => document.querySelector('#model')?.value);
    await other.waitForFunction(() => document.querySelector('.fault:not([hidden])') === null);
    await page.close();
    await other.reload();
    await shown(other, CUT);
  },

  async anEditedMessageIsKeptWhileAnotherAnswerIsWrittenAndAnEmptyOneIsNotSent(page, {url}) {
    await open(page, url, words('an answer'));
    await ask(page, 'a question');
    await page.click('.message.user [aria-label="Edit"]');
    const dialog = page.locator('dialog');
    for (const text of ['', '  \n ']) {
      await dialog.locator('textarea').fill(text);
      await dialog.locator('.primary').click();
      assert.equal(await dialog.locator('textarea').inputValue(), text);
    }
    await dialog.getByText('The message is empty.').waitFor();
    assert.equal(await page.evaluate(() => window.asked.length), 1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({state: 'detached'});
    // A page that counts down asks by itself, while the reader edits.
    await page.evaluate(() => {
      window.fake = {status: 503, code: 'unavailable', message: 'later', after: '100', then: {pieces: ['slowly ', 'on'], rate: 0.0001}};
    });
    await page.fill('#message', 'second question');
    await page.press('#message', 'Enter');
    await page.waitForSelector('.countdown');
    await page.locator('.message.user [aria-label="Edit"]').first().click();
    await dialog.locator('textarea').fill('a better question');
    await page.evaluate(() => {
      const now = Date.now;
      Date.now = () => now() + 200_000;
    });
    await shown(page, 'slowly');
    await dialog.locator('.primary').click();
    await dialog.getByText('An answer is still being written, in “a question”.').waitFor();
    assert.equal(await dialog.locator('textarea').inputValue(), 'a better question');
    await page.keyboard.press('Escape');
    await dialog.waitFor({state: 'detached'});
    await page.locator('.message.user [aria-label="Edit"]').first().click();
    await page.locator('#notices').getByText('An answer is still being written, in “a question”.').waitFor();
    assert.equal(await dialog.count(), 0, 'it asks for words that it cannot send');
    await page.click('#keeping');
    await page.waitForFunction(() => document.querySelectorAll('#notices .warn').length === 2);
    assert.equal(await dialog.count(), 0);
  },

  async linksWhoseDefinitionsStandElsewhereWorkInShortAndLongAnswers(page, {url}) {
    const filler = 'More words about nothing in particular.\n\n'.repeat(400);
    await open(page, url);
    for (const [i, between] of ['', filler].entries()) {
      const text = 'See [the book][1], [both] and [evil].\n\n' + between + '[1]: https://example.org/book\n\n[BOTH]: https://example.org/both '
        + '"two"\n\n[evil]: javascript:window.hit=1\n\nAgain [the book][1], [not here][2].\n\nthe end';
      await say(page, {pieces: text.match(/[^]{1,9}/g), rate: 3000});
      await ask(page, 'links', i + 1);
      for (let reloads = 0; reloads < 2; reloads++) {
        await page.waitForFunction(n => document.querySelectorAll('.message.assistant > .text a[href]').length === 3 * n, i + 1);
        const found = await page.locator('.message.assistant').last().evaluate(it => ({
          links: [...it.querySelectorAll('a[href]')].map(link => link.textContent + ' ' + link.getAttribute('href')),
          text: it.querySelector('.text').textContent.split('More words')[0].split('\n')[0], rest: it.textContent.includes('[not here][2]')}));
        assert.deepEqual(found, {links: ['the book https://example.org/book', 'both https://example.org/both',
          'the book https://example.org/book'], text: 'See the book, both and evil.', rest: true});
        await page.reload();
        await shown(page, 'the end');
      }
      await page.waitForFunction(() => document.querySelector('#model')?.value);
    }
  },

  async theFiguresOfAnAnswerGoAlongToTheServerAndBack(page, {url}) {
    await open(page, url, {pieces: ['one ', 'two ', 'three'], rate: 20});
    await ask(page, 'count');
    const figures = await page.textContent(ANSWERED + ' .figures');
    assert.match(figures, /^3 tokens · [\d.,]+ tokens\/s · first after [\d.,]+ m?s$/);
    await moveToServer(page);
    await page.reload();
    await shown(page, 'three');
    assert.equal(await page.textContent(ANSWERED + ' .figures'), figures);
    assert.match(await page.textContent('#context'), /^Context: 8 /);
    await page.click('#keeping');
    await page.click('#to-browser');
    await page.waitForSelector('dialog', {state: 'detached'});
    await page.reload();
    await shown(page, 'three');
    assert.equal(await page.textContent(ANSWERED + ' .figures'), figures);
    const odd = await page.evaluate(async () => {
      const {sane} = await import('/chat/transfer.js');
      const message = {id: 'a', parent: null, role: 'assistant', usage: {completion_tokens: '<b>', total_tokens: 1}, speed: 'fast', first: {}};
      return Object.keys(sane({id: 'i', title: 't', messages: {a: message}}).messages.a);
    });
    assert.deepEqual(odd, ['id', 'parent', 'role', 'text', 'created']);
  },

  async aLinkToAnotherConversationOpensItInATabThatShowsThePage(page, {url}) {
    await open(page, url, words('about whales'));
    await ask(page, 'one');
    const whales = await page.evaluate(() => location.hash);
    await page.click('#new');
    await say(page, words('about trees'));
    await ask(page, 'two');
    await page.evaluate(hash => { location.hash = hash; }, whales);
    await shown(page, 'about whales');
    assert.equal(await page.textContent('.list .current .name'), 'one');
    await page.evaluate(() => { location.hash = '#message'; });
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await shown(page, 'about whales');
  }
};
