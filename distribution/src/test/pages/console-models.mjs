// What those who run a server do with its models, each a sentence. The base URL carries the name and the password of an account with
// the role admin; the models shelf and third lie in the models folder, and the budget of memory has room for two models, not three.
import assert from 'node:assert/strict';
import {ask, chat, go, served, signIn} from './console-steps.mjs';

const DEMO = 'alcove-demo';
const answer = json => ({status: 200, contentType: 'application/json', body: JSON.stringify(json)});
// A model quantized from it is called after it, with a hyphen.
const row = (page, name) => page.locator('#page section').first()
    .locator('tr', {has: page.locator('th', {hasText: new RegExp(`^${name}(?!-)`)})});
const press = (page, name) => page.getByRole('button', {name, exact: true}).click();

async function told(page, name) {
  return (await ask(page, 'GET', 'models')).body.models.find(model => model.name === name);
}

/** Has the demo model loaded, no other, and nothing said about any, whatever came before. */
async function calm(page) {
  const {body: {models}} = await ask(page, 'GET', 'models');
  for (const {name, state} of models) {
    await ask(page, 'PATCH', 'models/' + name, {pinned: false, keep_alive_seconds: null});
    if (name !== DEMO && state !== 'unloaded') await ask(page, 'POST', `models/${name}/unload`);
  }
  if ((await told(page, DEMO)).state !== 'ready') await ask(page, 'POST', `models/${DEMO}/load`);
  await page.waitForFunction(async demo => (await (await fetch('/admin/api/models')).json()).models
      .every(model => model.state === (model.name === demo ? 'ready' : 'unloaded')), DEMO);
}

export const scenarios = {
  async aModelIsLoadedAnswersAndIsUnloaded(page, {url, inspect, picture}) {
    await signIn(page, url, '#/models');
    await calm(page);
    await row(page, 'shelf').getByText('unloaded', {exact: true}).waitFor();
    assert.match(await row(page, 'shelf').innerText(), /up to [\d.]+ MiB/, 'what it would take is told before it is loaded');
    await press(page, 'Load shelf');
    await page.getByText('shelf is being loaded.').waitFor();
    await row(page, 'shelf').getByText('ready', {exact: true}).waitFor();
    assert.deepEqual(await chat(page, 'shelf', 1), [200]);
    assert.match(await page.locator('#page meter').getAttribute('aria-label'), /^[\d.]+ MiB of 125 MiB of memory are taken by models$/);
    assert.deepEqual(await inspect(), []);
    await picture('console-models');
    await press(page, 'Unload shelf');
    const dialog = page.getByRole('dialog');
    assert.match(await dialog.innerText(), /Unload shelf\?\s+Running answers may go on/);
    assert.deepEqual(await inspect(), [], 'the question');
    await dialog.getByRole('button', {name: 'Cancel'}).click();
    assert.equal((await told(page, 'shelf')).state, 'ready', 'it was unloaded though nobody said yes');
    await press(page, 'Unload shelf');
    await dialog.getByRole('button', {name: 'Unload'}).click();
    await row(page, 'shelf').getByText('unloaded', {exact: true}).waitFor();
    await go(page, url, '#/audit');
    assert.match(await page.locator('#page table').innerText(), /model\.unload\s+shelf[^]*model\.load\s+shelf/);
  },

  async aPinnedModelStaysAndTheRefusalTellsBothNumbers(page, {url, picture}) {
    await signIn(page, url, '#/models');
    await calm(page);
    await press(page, 'Load shelf');
    await served(page, 'shelf');
    for (const name of [DEMO, 'shelf']) {
      await press(page, 'Pin ' + name);
      await page.getByRole('button', {name: 'Unpin ' + name, exact: true}).waitFor();
      assert.equal(await page.getByRole('button', {name: 'Unpin ' + name, exact: true}).getAttribute('aria-pressed'), 'true');
    }
    await press(page, 'Load third');
    const refusal = page.getByRole('alert');
    await refusal.waitFor();
    assert.match(await refusal.innerText(), /model third needs \d+ MB of memory, and of the budget of 132 MB only \d+ MB can be had, since these are pinned.*local-alcove-demo, local-shelf; unpin or unload others/);
    assert.equal((await told(page, 'third')).state, 'unloaded');
    await picture('console-budget');
    await press(page, 'Unpin shelf');
    await page.getByRole('button', {name: 'Pin shelf', exact: true}).waitFor();
    // A model that was loaded and not used stays a minute, for the request it was loaded for; this one has had its request.
    assert.deepEqual(await chat(page, 'shelf', 1), [200]);
    await page.waitForFunction(async () => (await (await fetch('/admin/api/models')).json()).models
        .find(model => model.name === 'shelf').answering === 0);
    await press(page, 'Load third');
    await row(page, 'third').getByText('ready', {exact: true}).waitFor();
    assert.equal((await told(page, 'shelf')).state, 'unloaded', 'the one that was not pinned goes');
    assert.equal((await told(page, DEMO)).state, 'ready');
  },

  async howLongAModelStaysIsChosenAndKept(page, {url}) {
    await signIn(page, url, '#/models');
    await calm(page);
    await press(page, 'Load shelf');
    await served(page, 'shelf');
    const stays = page.getByLabel('How long shelf stays loaded');
    await stays.selectOption('300');
    await page.waitForFunction(async () => (await (await fetch('/admin/api/models')).json()).models
        .find(model => model.name === 'shelf').keep_alive_seconds === 300);
    await ask(page, 'PATCH', 'models/shelf', {keep_alive_seconds: 77});
    await go(page, url, '#/overview');
    await go(page, url, '#/models');
    assert.equal(await stays.locator('option:checked').innerText(), 'stays 77 s');
    assert.deepEqual(await chat(page, 'shelf', 1), [200]);
    await stays.selectOption('0');
    await row(page, 'shelf').getByText('unloaded', {exact: true}).waitFor();
    await stays.selectOption('null');
    await page.waitForFunction(async () => (await (await fetch('/admin/api/models')).json()).models
        .find(model => model.name === 'shelf').keep_alive_seconds === null);
  },

  async oneModelIsComparedOnTwoKernels(page, {url, inspect, picture}) {
    await signIn(page, url, '#/models');
    await calm(page);
    await go(page, url, '#/playground');
    const kernels = page.getByLabel('Right kernel');
    const tiers = await kernels.locator('option').evaluateAll(options => options.map(it => it.value));
    assert.equal(tiers[0], '');
    assert.ok(tiers.includes('reference'), 'the kernels are ' + tiers);
    await page.getByLabel('Left model').selectOption(DEMO);
    await page.getByLabel('Right model').selectOption(DEMO);
    await kernels.selectOption('reference');
    await page.getByLabel('At most, tokens').fill('12');
    const trials = [];
    page.on('response', response => response.url().endsWith('/kernels/trial') && trials.push(response.request().method() + ' ' + response.status()));
    await press(page, 'Compare');
    await page.getByText('Speed of the other').nth(1).waitFor();
    assert.match(await page.locator('.figures').last().innerText(), /Computed by\s+f16 – reference/);
    assert.match(await page.locator('.figures').first().innerText(), new RegExp('Computed by\\s+f16 – ' + tiers[1]));
    assert.match(await page.locator('.figures').first().innerText(), /Difference\s+none/, 'all kernels compute the same words');
    assert.deepEqual(trials, ['POST 200', 'DELETE 200']);
    assert.deepEqual(await inspect(), []);
    await picture('console-kernels');
    const {body} = await ask(page, 'GET', 'kernels');
    assert.equal(body.trial, null);
    assert.ok(body.kernels.find(kernel => kernel.format === 'f16' && kernel.tier === tiers[1]).in_use, 'the best does not compute again');
    // Who stops it leaves nothing behind either.
    trials.splice(0);
    await page.getByLabel('At most, tokens').fill('900');
    await page.getByLabel('Left kernel').selectOption('reference');
    await press(page, 'Compare');
    await page.waitForFunction(() => document.querySelector('.answer').textContent.length > 0);
    await press(page, 'Stop');
    for (let i = 0; i < 3000 && trials.length < 2; i++) await page.waitForTimeout(100);
    assert.deepEqual(trials, ['POST 200', 'DELETE 200']);
    assert.equal((await ask(page, 'GET', 'kernels')).body.trial, null);
  },

  async everyKindOfPlugInHasATitleInBothLanguages(page, {url}) {
    await signIn(page, url);
    const kinds = ['kernel', 'policy', 'template', 'frontend', 'guard', 'other', 'a kind to come'];
    await page.route('**/admin/api/plugins', route => route.fulfill(answer({removed: [], plugins: kinds.map(kind => ({id: 'org.' + kind,
      name: 'one', version: '1', state: 'active', kinds: [kind], removable: false, previous: null, provides: [], requests: 1}))})));
    await go(page, url, '#/plugins');
    const titles = () => page.locator('#page td[data-head="Kind"], #page td[data-head="种类"]').allInnerTexts();
    assert.deepEqual(await titles(), ['Kernel', 'Policy', 'Template', 'Front end', 'Guard', 'Other', 'a kind to come']);
    await page.getByLabel('Language').selectOption('zh');
    await page.waitForFunction(() => document.documentElement.lang === 'zh' && document.querySelector('#page td'));
    const chinese = await titles();
    assert.equal(new Set(chinese.slice(0, 6)).size, 6);
    for (const title of chinese.slice(0, 6)) assert.match(title, /^\p{Script=Han}+$/u);
    assert.equal(chinese[6], 'a kind to come');
  },

  async aSealedServerOffersNothingItWouldRefuseAndSaysWhy(page, {url, inspect, picture}) {
    const bundle = {name: 'org.alcove.core', version: '1.0.0', sha256: 'ab'.repeat(32), signer: ''};
    await page.route('**/admin/api/sealed', route => route.fulfill(answer({bundles: [bundle]})));
    const sent = [];
    await page.route('**/admin/api/sealed/plugins', route => {
      sent.push(route.request().headers()['alcove-signature']);
      return route.fulfill({status: 403, contentType: 'application/json',
        body: JSON.stringify({error: {code: 'not_admitted', message: 'x 1.0.0 is signed by release but not listed'}})});
    });
    await signIn(page, url);
    assert.equal(await page.locator('#nav').getByText('Framework').count(), 0);
    const refused = {'#/plugins': /Remove|Roll back|Bring back/, '#/models': /Load|Unload|Pin|Quantize/, '#/policy': /Use|Remove|Set/};
    for (const [hash, orders] of Object.entries(refused)) {
      await go(page, url, hash);
      assert.match(await page.locator('#sealed').innerText(), /^This server is sealed: bundles, models and configurations stay/, hash);
      assert.equal(await page.locator('#page').getByRole('button', {name: orders}).count(), 0, hash);
      assert.equal(await page.locator('#drop, #page table select').count(), 0, hash);
      assert.deepEqual(await inspect(), [], hash);
    }
    await go(page, url, '#/plugins');
    await picture('console-sealed');
    assert.match(await page.locator('#page').innerText(), /org\.alcove\.core[^]*(ab){32}[^]*part of the product/);
    await page.getByLabel(/^Plug-in/).setInputFiles({name: 'x.jar', mimeType: 'application/java-archive', buffer: Buffer.from('a jar')});
    await page.getByLabel(/^Signature/).setInputFiles({name: 'x.jar.sig', mimeType: 'text/plain', buffer: Buffer.from('c2lnbmVk\n')});
    await press(page, 'Install');
    await page.getByRole('alert').getByText('signed by release but not listed').waitFor();
    assert.deepEqual(sent, ['c2lnbmVk']);
    await go(page, url, '#/workers');
    assert.equal(await page.locator('#sealed').count(), 0);
    assert.equal(await page.getByRole('button', {name: 'Drain local-' + DEMO}).count(), 1, 'draining changes nothing that was measured');
    assert.equal(await page.getByRole('button', {name: 'Remove local-' + DEMO}).count(), 0);
    await go(page, url, '#/playground');
    assert.equal(await page.getByLabel('Left kernel').isVisible(), false);
  }
};
