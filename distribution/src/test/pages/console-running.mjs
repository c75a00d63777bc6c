// What those who run a server see of it while it works, each a sentence. The base URL carries the name and the password of an
// account with the role admin; a model named shelf lies in the models folder.
import assert from 'node:assert/strict';
import {ask, chat, go, pages, served, signIn} from './console-steps.mjs';

const DEMO = 'alcove-demo';

export const scenarios = {
  async theOverviewIsLiveWithoutAskingAgain(page, {url, picture}) {
    const asked = [];
    page.on('request', request => /\/admin\/api\/overview/.test(request.url()) && asked.push(new URL(request.url()).pathname));
    await signIn(page, url, '#/overview');
    await page.getByText('live', {exact: true}).waitFor();
    const plot = page.locator('svg[aria-label^="Tokens per second"]');
    await plot.waitFor();
    const written = chat(page, DEMO, 4, 200);
    await page.waitForFunction(() => [...document.querySelectorAll('.tiles div')].some(tile =>
        tile.textContent.includes('Tokens per second') && Number(tile.querySelector('dd').textContent) > 0));
    await page.waitForFunction(() => !/written now 0, at most 0/.test(
        document.querySelector('svg[aria-label^="Tokens per second"]').getAttribute('aria-label')));
    assert.deepEqual(new Set(await written), new Set([200]));
    for (const [name, series] of [['Memory', 'KV cache'], ['Memory', 'Weights'], ['To the first token', 'mean'],
      ['Requests per minute', 'ended']]) {
      assert.match(await page.locator(`svg[aria-label^="${name}:"]`).getAttribute('aria-label'), new RegExp(series));
    }
    await picture('console-overview');
    assert.deepEqual(asked.filter(path => path.endsWith('/overview')).length, 2, 'once by the frame, once by the page: ' + asked);
    assert.equal(asked.filter(path => path.endsWith('/stream')).length, 1);
    const left = page.waitForEvent('requestfailed', request => request.url().endsWith('/admin/api/overview/stream'));
    await go(page, url, '#/workers');
    await left;
    assert.equal(asked.length, 3, 'nobody follows the figures of a page that is not shown: ' + asked);
  },

  async aStreamThatTheServerDoesNotWantIsSaidToBeInterrupted(page, {url}) {
    await page.route('**/admin/api/overview/stream', route => route.fulfill({status: 429, contentType: 'application/json', body: '{}'}));
    await signIn(page, url, '#/overview');
    await page.getByText('interrupted', {exact: true}).waitFor();
  },

  async theLastHourIsSimulatedUnderEachPolicy(page, {url, inspect, picture}) {
    await signIn(page, url, '#/policy');
    const {body: before} = await ask(page, 'GET', 'policy/simulation');
    if (before.requests < before.needed) {
      await page.getByRole('button', {name: 'Simulate'}).click();
      await page.getByText(`${before.requests} requests that are served here`).waitFor();
    }
    assert.ok((await chat(page, DEMO, 24, 8)).every(status => status === 200));
    await page.getByRole('button', {name: 'Simulate'}).click();
    const table = page.locator('#simulated table');
    await table.waitFor();
    assert.match(await table.innerText(), /lottery[\s\S]*shortest_queue \(in use\)/);
    assert.match(await page.locator('#simulated svg').getAttribute('aria-label'), /lottery: half wait .* shortest_queue: half wait/);
    assert.deepEqual(await inspect(), []);
    await page.getByLabel('Load').selectOption('5');
    await page.getByRole('button', {name: 'Simulate'}).click();
    await page.getByText(/at 5 times the load/).waitFor();
    await page.locator('#simulated').scrollIntoViewIfNeeded();
    await picture('console-policy');
  },

  async aWorkerTellsWhereItComputesAndIsRemovedWithItsModel(page, {url, inspect, picture}) {
    await signIn(page, url, '#/workers');
    await ask(page, 'POST', 'models/shelf/load');
    await served(page, 'shelf');
    const row = page.locator('tr', {hasText: 'local-shelf'});
    await row.waitFor();
    await row.getByText(/\d+ threads/).waitFor();
    assert.match(await row.innerText(), /f16 – \S+[\s\S]*weights [\d.]+ MiB, KV cache up to/);
    assert.deepEqual(await inspect(), []);
    await picture('console-workers');
    await row.getByRole('button', {name: 'Remove local-shelf'}).click();
    await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
    await page.getByText('The model shelf is being unloaded').waitFor();
    await row.waitFor({state: 'detached'});
    assert.equal((await ask(page, 'GET', 'models')).body.models.find(model => model.name === 'shelf').state, 'unloaded');
    await page.getByRole('button', {name: /^Remove local-/}).first().click();
    await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
    await page.getByRole('alert').getByText('named by a file in conf/').waitFor();
    await go(page, url, '#/audit');
    assert.match(await page.locator('#page table').innerText(), /worker.remove\s+local-shelf/);
  },

  async twoKernelsAreComparedOnTheSamePrompt(page, {url}) {
    await signIn(page, url, '#/playground');
    const {body: {models}} = await ask(page, 'GET', 'models');
    const other = models.some(model => model.name === 'shelf-small') ? 'shelf-small' : 'shelf';
    const loaded = models.find(model => model.name === other).state === 'ready';
    if (!loaded) await ask(page, 'POST', `models/${other}/load`);
    await served(page, other);
    await go(page, url, '#/overview');
    await go(page, url, '#/playground');
    await page.getByLabel('Right model').selectOption(other);
    assert.match(await page.getByLabel('Right model').locator('option:checked').innerText(), /^shelf\S* – .*\(\S+\)/);
    await page.getByLabel('At most, tokens').fill('48');
    await page.getByRole('button', {name: 'Compare'}).click();
    await page.getByText('Speed of the other').nth(1).waitFor();
    assert.match(await page.locator('.figures').first().innerText(), /Speed of the other\s+[\d.,]+ times this one/);
    await ask(page, 'POST', `models/${other}/unload`);
  },

  async everyPageIsAccessibleInChinese(page, {url, inspect}) {
    await signIn(page, url);
    await page.getByLabel('Language').selectOption('zh');
    await page.waitForFunction(() => document.documentElement.lang === 'zh');
    for (const hash of await pages(page)) {
      await go(page, url, hash);
      assert.deepEqual(await inspect(), [], hash);
      assert.match(await page.locator('#page h1').innerText(), /\p{Script=Han}/u, hash);
    }
  }
};
