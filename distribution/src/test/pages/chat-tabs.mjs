// What a reader does on the chat page in more than one tab, or faster than it is kept; each a sentence.
import assert from 'node:assert/strict';
import {ask, open, shown, words} from './chat-steps.mjs';

/** How long, in ms, a scenario waits for what two tabs make of one conversation. */
const PATIENCE = 30_000;
const SLOW = {pieces: Array.from({length: 100}, (_, i) => 'word' + i + ' '), rate: 20};
const THERE = 'text=Conversations are kept on the server, as you chose.';
const LEFT = 'text=It is kept again only if you go on writing in it.';
const FIRST = ['first question', 'first answer'];

/** What is kept now, wherever that is, as a page that is opened now sees it. */
const kept = page => page.evaluate(async () => {
  const {openStore} = await import('/chat/store.js');
  return (await (await openStore()).all()).map(tree => ({title: tree.title, texts: Object.values(tree.messages).map(it => it.text).sort()}));
});

/** Waits until exactly this is kept: what a tab wrote may still be on its way. */
async function keeps(page, ...wanted) {
  const all = wanted.map(tree => ({title: tree.title, texts: tree.texts.toSorted()}));
  const deadline = Date.now() + PATIENCE;
  let now = await kept(page);
  while (JSON.stringify(now) !== JSON.stringify(all) && Date.now() < deadline) now = await kept(page);
  assert.deepEqual(now, all);
}

/** Every scenario for both places: the browser keeps conversations, or the server does. */
const both = scenario => [false, true].map(onServer => async (page, tools) => {
  page.setDefaultTimeout(PATIENCE);
  await open(page, tools.url, words('first answer'));
  if (onServer) await moveToServer(page);
  await ask(page, 'first question');
  await scenario(page, tools);
});

/** Another tab with the same conversation. */
async function beside(page, {another}, fake) {
  const other = await another();
  other.setDefaultTimeout(PATIENCE);
  await other.goto(page.url());
  await shown(other, 'first answer');
  await other.waitForFunction(() => document.querySelector('#model')?.value);
  await other.evaluate(value => { window.fake = value; }, fake);
  return other;
}

const say = (page, fake) => page.evaluate(value => { window.fake = value; }, fake);

async function rename(page, title) {
  await page.hover('.list li');
  await page.click('.list [aria-label="Rename"]');
  await page.fill('dialog input', title);
  await page.click('dialog .primary');
  await page.waitForSelector('dialog', {state: 'detached'});
}

/** Confirms that the conversation of the first question is to be deleted. */
async function remove(page) {
  const entry = page.locator('.list li', {hasText: 'first question'});
  await entry.hover();
  await entry.locator('[aria-label="Delete"]').click();
  await page.click('dialog .primary');
  await page.waitForSelector('dialog', {state: 'detached'});
  return entry;
}

/** Deletes the conversation of the first question. */
const removed = async page => (await remove(page)).waitFor({state: 'detached'});

async function moveToServer(page) {
  await page.click('#keeping');
  await page.click('#to-server');
  await page.waitForSelector('dialog', {state: 'detached'});
}

const [tabsHere, tabsThere] = both(async (page, tools) => {
  const other = await beside(page, tools, words('second answer'));
  await ask(other, 'second question', 2);
  await rename(page, 'another title');
  await shown(page, 'second answer');
  assert.deepEqual(await page.locator('.message.user .text').allTextContents(), ['first question', 'second question']);
  const four = [...FIRST, 'second question', 'second answer'];
  await keeps(page, {title: 'another title', texts: four});
  // Both go on from the same answer; whoever kept it first, nothing is lost.
  await say(page, words('third answer'));
  await ask(page, 'third question', 3);
  await say(other, words('fourth answer'));
  await ask(other, 'fourth question', 3);
  await keeps(page, {title: 'another title', texts: [...four, 'third question', 'third answer', 'fourth question', 'fourth answer']});
  await page.reload();
  await shown(page, 'second answer');
  assert.equal(await page.locator('.versions:has-text("/2")').count(), 1, 'the two questions stand beside each other');
});

const [answersHere, answersThere] = both(async (page, tools) => {
  const other = await beside(page, tools, words('a quick answer'));
  await say(page, SLOW);
  await page.fill('#message', 'slowly');
  await page.press('#message', 'Enter');
  await shown(page, 'word3');
  await ask(other, 'quickly', 2);
  await keeps(page, {title: 'first question', texts: [...FIRST, 'slowly', SLOW.pieces.join(''), 'quickly', 'a quick answer']});
});

const [deletedHere, deletedThere] = both(async (page, tools) => {
  const other = await beside(page, tools, words('second answer'));
  await removed(other);
  await rename(page, 'another title');
  await page.waitForSelector(LEFT);
  assert.equal(await page.locator('.list .open').count(), 0);
  await keeps(page);
  await say(page, words('second answer'));
  await ask(page, 'second question', 2);
  await page.waitForSelector('text=so it is kept again.');
  await keeps(page, {title: 'another title', texts: [...FIRST, 'second question', 'second answer']});
  assert.equal(await page.locator('.list .open').count(), 1);
});

const [stoppedHere, stoppedThere] = both(async page => {
  await say(page, SLOW);
  await page.fill('#message', 'Go on and on');
  await page.press('#message', 'Enter');
  await shown(page, 'word3');
  await removed(page);
  await page.waitForFunction(() => document.querySelector('#live').textContent === 'The answer was stopped.');
  assert.deepEqual(await kept(page), []);
  await page.reload();
  await page.waitForSelector('text=Nothing here yet.');
});

const [, revived] = both(async page => {
  const deletion = new Promise(resolve => {
    page.route(/\/chat\/conversations\/./, async route => {
      if (route.request().method() === 'DELETE') await new Promise(goOn => resolve(goOn));
      await route.continue();
    });
  });
  await remove(page);
  const goOn = await deletion;
  await say(page, words('second answer'));
  await page.fill('#message', 'second question');
  await page.press('#message', 'Enter');
  await page.waitForFunction(() => document.querySelectorAll('.message.user').length === 2);
  goOn();
  await shown(page, 'second answer');
  await keeps(page, {title: 'first question', texts: [...FIRST, 'second question', 'second answer']});
  assert.equal(await page.locator('.list .open').count(), 1);
});

const [, broughtBack] = both(async page => {
  const codes = [];
  const code = () => page.evaluate(() => localStorage.getItem('alcove.box'));
  const before = await code();
  await page.route(/\/chat\/conversations\/\w+$/, async route => {
    if (route.request().method() !== 'DELETE') return route.continue();
    codes.push(await code());
    await route.fulfill({status: 500, contentType: 'application/json', body: '{"error":{"message":"made up"}}'});
  });
  await page.click('#keeping');
  await page.click('#to-browser');
  await page.locator('#notices').getByText('Copies may be left on the server under the code ' + before + ': made up').waitFor();
  assert.deepEqual(codes, [null], 'other tabs know of the move before anything is deleted');
  await page.waitForSelector('dialog', {state: 'detached'});
  assert.equal(await code(), null);
  await keeps(page, {title: 'first question', texts: FIRST});
});

/** Answers requests of a page only once told to; {come} is when the first has been answered by the server. */
function hold(page, url, method) {
  let goOn;
  let came;
  const gate = new Promise(resolve => { goOn = resolve; });
  const come = new Promise(resolve => { came = resolve; });
  page.route(url, async route => {
    if (route.request().method() !== method) return route.continue();
    const response = await route.fetch();
    came();
    await gate;
    return route.fulfill({response});
  });
  return {come, goOn};
}

const [moved, movedBack] = [
  {url: /\/chat\/conversations\/.+$/, method: 'PUT', choice: '#to-server', onServer: false},
  {url: /\/chat\/conversations$/, method: 'GET', choice: '#to-browser', onServer: true},
].map(({url, method, choice, onServer}) => both(async (page, tools) => {
  const all = {title: 'first question', texts: [...FIRST, 'second question', 'second answer']};
  const other = await beside(page, tools, words('second answer'));
  const held = hold(page, url, method);
  await page.click('#keeping');
  await page.click(choice);
  await held.come;
  await ask(other, 'second question', 2);
  await keeps(other, all);
  held.goOn();
  await page.waitForSelector('dialog', {state: 'detached'});
  await keeps(page, all);
  await shown(other, 'second answer');
  assert.deepEqual(await page.evaluate(async () => (await (await (await import('/chat/store.js')).openLocal()).all()).length), onServer ? 1 : 0);
})[onServer ? 1 : 0]);

const [, forgotten] = both(async (page, tools) => {
  const other = await beside(page, tools, SLOW);
  await other.fill('#message', 'slowly');
  await other.press('#message', 'Enter');
  await shown(other, 'word3');
  await page.click('#keeping');
  await page.click('#forget');
  await page.click('dialog .primary:has-text("Forget")');
  await keeps(other, {title: 'first question', texts: [...FIRST, 'slowly', SLOW.pieces.join('')]});
});

export const scenarios = {
  whatTwoTabsWriteInOneConversationIsAllKept: tabsHere,
  whatTwoTabsWriteInOneConversationIsAllKeptOnTheServer: tabsThere,
  anAnswerThatIsBeingWrittenAndOneFromAnotherTabAreBothKept: answersHere,
  anAnswerThatIsBeingWrittenAndOneFromAnotherTabAreBothKeptOnTheServer: answersThere,
  whatIsDeletedInAnotherTabStaysDeletedUntilTheReaderGoesOnInIt: deletedHere,
  whatIsDeletedInAnotherTabStaysDeletedOnTheServerUntilTheReaderGoesOnInIt: deletedThere,
  aConversationThatIsDeletedWhileItsAnswerIsWrittenStaysDeleted: stoppedHere,
  aConversationThatIsDeletedWhileItsAnswerIsWrittenStaysDeletedOnTheServer: stoppedThere,

  aConversationThatTheReaderGoesOnInWhileItIsDeletedStaysOnTheList: revived,
  aServerThatDeletesNothingLeavesTheCodeOfTheCopiesWithTheReaderAndNoTabTakesThemForDeleted: broughtBack,

  anAnswerThatIsBeingWrittenGoesOnWhereAnotherTabForgetsTheCode: forgotten,

  whatAnotherTabWritesWhileAllIsMovedToTheServerIsMovedToo: moved,
  whatAnotherTabWritesWhileAllIsBroughtBackIsBroughtBackToo: movedBack,

  async aTabThatIsWritingFollowsAndSeesWhatBecameOfTheConversations(page, tools) {
    await open(page, tools.url, words('first answer'));
    await ask(page, 'first question');
    const other = await beside(page, tools, {pieces: Array.from({length: 600}, (_, i) => 'word' + i + ' '), rate: 20});
    await other.fill('#message', 'slowly');
    await other.press('#message', 'Enter');
    await shown(other, 'word3');
    await moveToServer(page);
    await other.waitForSelector(THERE, {state: 'attached'});
    assert.equal(await other.locator('.message[aria-busy="true"]').count(), 1, 'it goes on writing');
    await page.click('#new');
    await ask(page, 'another question');
    await removed(page);
    await other.waitForSelector(LEFT);
    await other.waitForSelector('.list :text("another question")');
    assert.equal(await other.locator('.list .open').count(), 1);
    await keeps(page, {title: 'another question', texts: ['another question', 'first answer']});
  },

  async aTabFollowsWhereAnotherMovesTheConversations(page, tools) {
    await open(page, tools.url, words('first answer'));
    await ask(page, 'first question');
    const other = await beside(page, tools, words('second answer'));
    await moveToServer(page);
    await other.waitForSelector(THERE, {state: 'attached'});
    await shown(other, 'first answer');
    await ask(other, 'second question', 2);
    await keeps(page, {title: 'first question', texts: [...FIRST, 'second question', 'second answer']});
    const state = JSON.stringify((await tools.context.storageState({indexedDB: true})).origins);
    assert.ok(!state.includes('question'), 'the browser still keeps it');
  },

  async aBrowserWithoutChannelsBetweenItsTabsShowsThePage(page, {url}) {
    await page.addInitScript(() => {
      window.BroadcastChannel = class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        }
      };
    });
    await open(page, url, words('an answer'));
    await ask(page, 'a question');
    await shown(page, 'an answer');
  },

  async aBrowserThatKeepsNothingShowsThePageAndSaysSo(page, {url}) {
    await page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
        Object.defineProperty(window, name, {get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        }});
      }
    });
    await page.goto(url + '/');
    await page.locator('#notices').getByText('This browser keeps nothing').waitFor();
    await page.waitForFunction(() => document.querySelector('#model')?.value);
    await say(page, words('an answer'));
    await ask(page, 'a question');
    await shown(page, 'an answer');
  },

  async twoTreesBecomeOne(page, {url}) {
    await page.goto(url + '/');
    const found = await page.evaluate(async () => {
      const {mark, merge} = await import('/chat/merging.js');
      const {add, conversation, drop, path} = await import('/chat/tree.js');
      const mine = conversation(1, 'c');
      mine.title = 'old';
      add(mine, null, {role: 'user', text: 'q'}, 'q');
      for (const id of ['failed', 'failed too', 'refused', 'stopped']) add(mine, 'q', {role: 'assistant'}, id);
      add(mine, 'q', {role: 'assistant', text: 'Hel', coming: true}, 'partial');
      const theirs = structuredClone(mine);
      const before = mark(mine);
      const none = merge(mine, structuredClone(theirs), before);
      drop(mine, 'failed');
      mine.system = 'mine';
      add(mine, 'partial', {role: 'user', text: 'here'}, 'here');
      drop(theirs, 'failed too');
      Object.assign(theirs, {title: 'theirs', system: 'theirs', updated: 9});
      theirs.messages.partial.text = 'Hello';
      delete theirs.messages.partial.coming;
      theirs.messages.refused.fault = {message: 'too many', at: 9};
      theirs.messages.stopped.stopped = true;
      add(theirs, 'partial', {role: 'user', text: 'there'}, 'there');
      add(theirs, 'there', {role: 'assistant', text: 'well'}, 'answer');
      const some = merge(mine, structuredClone(theirs), before);
      return {none, some, again: merge(mine, structuredClone(theirs), mark(theirs)), title: mine.title, system: mine.system, updated: mine.updated,
        fault: mine.messages.refused.fault, stopped: mine.messages.stopped.stopped, coming: 'coming' in mine.messages.partial,
        all: Object.keys(mine.messages), shown: path(mine).map(it => it.text), below: mine.chosen.there};
    });
    assert.deepEqual(found, {none: false, some: true, again: false, title: 'theirs', system: 'mine', updated: 9,
      fault: {message: 'too many'}, stopped: true, coming: false, all: ['q', 'refused', 'stopped', 'partial', 'here', 'there', 'answer'],
      shown: ['q', 'Hello', 'here'], below: 'answer'});
  }
};
