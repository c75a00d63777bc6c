// What those who run a server do on the console, each a sentence. The base URL carries the name and the password of an account with
// the role admin; a model named shelf lies in the models folder. Given besides: a bundle with another version of the lottery: http://NAME:PASSWORD@HOST:PORT?policy=JAR
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {go, pages, signIn} from './console-steps.mjs';

const EVIL = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\u202ejar';

/** Drops a file of this machine on the page. */
async function drop(page, file) {
  const bytes = (await readFile(file)).toString('base64');
  const data = await page.evaluateHandle(([encoded, name]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0))], name));
    return transfer;
  }, [bytes, basename(file)]);
  await page.dispatchEvent('#drop', 'drop', {dataTransfer: data});
}

const answer = json => ({status: 200, contentType: 'application/json', body: JSON.stringify(json)});

export const scenarios = {
  async whoDoesNotKnowThePasswordStaysOutside(page, {url, inspect}) {
    const {origin} = new URL(url);
    await page.goto(origin + '/admin/');
    await page.getByLabel('Password').fill('a guess that is wrong');
    await page.getByRole('button', {name: 'Sign in'}).click();
    const told = page.getByRole('alert');
    await told.waitFor();
    assert.ok((await told.innerText()).length > 10, 'no reason was given');
    assert.equal(await page.locator('#nav').count(), 0);
    assert.deepEqual(await inspect(), []);
    await page.goto(origin + '/admin/felix/bundles');
    assert.equal(new URL(page.url()).pathname, '/admin/');
  },

  async everyPageShowsWhatTheServerSaysAndIsAccessible(page, {url, inspect, picture}) {
    await signIn(page, url);
    const all = await pages(page);
    assert.ok(all.includes('#/workers') && all.includes('#/audit'), 'pages: ' + all);
    for (const hash of all) {
      await go(page, url, hash);
      assert.doesNotMatch(await page.locator('#page').innerText(), /^(false|true|undefined|null|NaN)$|undefined|NaN/m, hash);
      assert.equal(await page.locator('#page [role=alert]').count(), 0, hash + ': ' + await page.locator('#page').innerText());
      assert.deepEqual(await inspect(), [], hash);
      await picture('console-' + hash.slice(2));
    }
  },

  async darkAndOnAPhoneNothingIsCutOff(page, {url, inspect, picture}) {
    await page.setViewportSize({width: 390, height: 844});
    await signIn(page, url);
    await page.getByLabel('Theme').selectOption('dark');
    for (const hash of await pages(page)) {
      await go(page, url, hash);
      assert.deepEqual(await inspect(), [], hash);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, hash + ' is ' + wide + ' pixels wide');
    }
    await go(page, url, '#/workers');
    await picture('console-phone');
  },

  async theConsoleSpeaksChinese(page, {url}) {
    await signIn(page, url, '#/workers');
    await page.getByLabel('Language').selectOption('zh');
    await page.getByRole('heading', {name: '工作进程', level: 1}).waitFor();
    assert.equal(await page.getAttribute('html', 'lang'), 'zh');
  },

  async aWorkerIsDrainedAndTakesRequestsAgainByKeyboard(page, {url}) {
    await signIn(page, url, '#/workers');
    const drain = page.getByRole('button', {name: /^Drain local-/});
    await drain.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await dialog.getByRole('button', {name: 'Drain'}).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', {name: /^Resume local-/}).waitFor();
    assert.match(await page.locator('#page table').innerText(), /draining/);
    await page.getByRole('button', {name: /^Resume local-/}).click();
    await drain.waitFor();
    await go(page, url, '#/audit');
    assert.match(await page.locator('#page table').innerText(), /admin[\s\S]*local-/);
  },

  async theSamePromptIsComparedOnTwoModels(page, {url}) {
    await signIn(page, url, '#/playground');
    await page.getByLabel('At most, tokens').fill('16');
    await page.getByRole('button', {name: 'Compare'}).click();
    await page.getByText('Difference').nth(1).waitFor();
    assert.match(await page.locator('.figures').first().innerText(), /Tokens per second\s+[\d.,]+/);
    // One model, the same seed: the same words.
    assert.match(await page.locator('.figures').first().innerText(), /Difference\s+none/);
  },

  async aPolicyIsInstalledByDragAndDropChosenAndRolledBack(page, {url, picture}) {
    const jar = new URL(url).searchParams.get('policy');
    await signIn(page, url, '#/plugins');
    const plugin = page.locator('tr', {hasText: 'org.alcove.scheduler-lottery'});
    await plugin.waitFor();
    const before = await plugin.innerText();
    await drop(page, jar);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', {name: 'Install'}).click();
    await dialog.getByRole('button', {name: 'Update'}).click();
    await page.locator('tr', {hasText: 'version 9.0.0'}).waitFor();
    await picture('console-plugins');
    await go(page, url, '#/policy');
    await page.getByRole('button', {name: 'Use lottery'}).click();
    await page.getByRole('button', {name: 'Use shortest_queue'}).waitFor();
    const answered = await page.evaluate(async () => (await fetch('/v1/chat/completions', {method: 'POST',
      headers: {'Content-Type': 'application/json'}, body: JSON.stringify({model: (await (await fetch('/v1/models')).json()).data[0].id,
        max_tokens: 2, messages: [{role: 'user', content: 'Hello'}]})})).status);
    assert.equal(answered, 200);
    await page.waitForFunction(() => /lottery/.test(document.querySelector('#page section:last-child tbody')?.textContent));
    await page.getByRole('button', {name: 'Use shortest_queue'}).click();
    await page.getByRole('button', {name: 'Use lottery'}).waitFor();
    await go(page, url, '#/plugins');
    await page.getByRole('button', {name: /^Roll back to 0.*: org.alcove.scheduler-lottery$/}).click();
    await page.waitForFunction(() => !document.querySelector('#page table').textContent.includes('version 9.0.0'));
    assert.equal((await plugin.innerText()).match(/version \S+/)[0], before.match(/version \S+/)[0]);
  },

  async theModelIsQuantizedAndTheReportTellsItsErrors(page, {url, picture}) {
    await signIn(page, url, '#/models');
    await page.getByRole('button', {name: 'Quantize …'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', {name: 'Model'}).selectOption('shelf');
    await dialog.getByLabel('Name of the new one').fill('shelf-small');
    await dialog.getByRole('button', {name: 'Quantize'}).click();
    await page.getByRole('button', {name: 'Report on shelf-small'}).click({timeout: 600_000});
    const report = await page.getByRole('dialog').innerText();
    assert.match(report, /MiB became [\s\S]*sym_int4/);
    await picture('console-quantization');
  },

  async namesAreTextAndNeverRun(page, {url}) {
    await signIn(page, url);
    const load = {running: 0, waiting: 0, kv_blocks: 1, kv_blocks_used: 0, prompt_tokens: 0, answer_tokens: 0, preemptions: 0};
    const figures = {id: EVIL, models: [EVIL], state: 'late', reason: EVIL, tokens_per_second: 1, queue_length: 0, heartbeat: true,
      last_beat: new Date().toISOString(), beat_age_ms: 1, load};
    const card = {name: EVIL, architecture: EVIL, context_tokens: 1, formats: EVIL, template: EVIL, fingerprint: EVIL};
    await page.route('**/admin/api/workers', route => route.fulfill(answer({workers: [{...figures, model: card}]})));
    await page.route('**/admin/api/models', route => route.fulfill(answer({models: [{...card, state: 'failed', reason: EVIL,
      ours: true, workers: [EVIL]}]})));
    await page.route('**/admin/api/dispatch', route => route.fulfill(answer({policy: EVIL, dispatches: [{request: EVIL,
      model: EVIL, when: new Date().toISOString(), policy: EVIL, chosen: EVIL, reason: EVIL, candidates: [figures]}]})));
    await page.route('**/admin/api/plugins', route => route.fulfill(answer({plugins: [{id: EVIL, name: EVIL, version: EVIL,
      state: 'active', kinds: [EVIL], removable: true, previous: EVIL, provides: [{kind: EVIL, name: EVIL, tier: EVIL, in_use: true,
        used_by: [EVIL]}], requests: 1}], removed: [{id: EVIL, version: EVIL}]})));
    for (const hash of ['#/workers', '#/models', '#/policy', '#/plugins']) {
      if (!(await pages(page)).includes(hash)) continue;
      await go(page, url, hash);
      assert.ok((await page.locator('#page').innerText()).includes('onerror="window.pwned=1"'), hash + ' does not show the name');
      assert.equal(await page.locator('#page img, #page script').count(), 0, hash);
    }
    assert.equal(await page.evaluate(() => window.pwned), undefined);
  },

  async aKeyIsMadeForOneModelShownOnceUsedChangedRevokedAndForgotten(page, {url, inspect, picture}) {
    await signIn(page, url, '#/keys');
    await page.getByRole('button', {name: 'Make a key …'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('build server <img src=x onerror="window.pwned=1">');
    await dialog.getByLabel('All, also those to come').uncheck();
    const model = await page.evaluate(async () => (await (await fetch('/v1/models')).json()).data[0].id);
    await dialog.getByLabel(model, {exact: true}).check();
    await dialog.getByLabel('completions', {exact: true}).uncheck();
    await dialog.getByLabel('Requests a minute').fill('4');
    assert.deepEqual(await inspect(), [], 'the dialog');
    await dialog.getByRole('button', {name: 'Create'}).click();
    const secret = await page.getByLabel('The key', {exact: true}).innerText();
    assert.match(secret, /^alcove-[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(await inspect(), [], 'the key');
    await page.getByRole('button', {name: 'Copy'}).click();
    await page.getByText(/The key is (copied|marked)/).waitFor();
    await page.getByRole('button', {name: 'Close'}).last().click();
    const table = page.locator('#page table');
    await table.getByText('4 requests a minute').waitFor();
    assert.ok(!(await page.content()).includes(secret), 'the key is still shown');
    assert.equal(await page.locator('#page img').count(), 0);
    assert.deepEqual(await inspect(), [], 'the list');
    await picture('console-key');
    const ask = (key, path) => page.evaluate(async ([bearer, where]) => {
      const response = await fetch(where, {headers: bearer ? {Authorization: 'Bearer ' + bearer} : {}});
      return [response.status, response.headers.get('x-ratelimit-limit-requests')];
    }, [key, path]);
    assert.deepEqual(await ask('', '/v1/models'), [401, null]);
    assert.deepEqual(await ask(secret, '/v1/models'), [200, '4']);
    assert.equal((await ask(secret, '/v1/models/another'))[0], 403);
    await page.getByRole('button', {name: /^Change build server/}).click();
    await dialog.getByLabel('Requests a minute').fill('1');
    await dialog.getByRole('button', {name: 'Change'}).click();
    await table.getByText('1 requests a minute').waitFor();
    assert.deepEqual(await ask(secret, '/v1/models'), [200, '1']);
    assert.equal((await ask(secret, '/v1/models'))[0], 429);
    await page.getByRole('button', {name: /^Revoke build server/}).click();
    await dialog.getByRole('button', {name: 'Revoke'}).click();
    await page.getByRole('button', {name: /^Forget build server/}).waitFor();
    assert.match(await table.innerText(), /revoked/);
    assert.equal((await ask(secret, '/v1/models'))[0], 401);
    assert.equal((await ask('', '/v1/models'))[0], 401);
    await page.getByRole('button', {name: /^Forget build server/}).click();
    await dialog.getByRole('button', {name: 'Forget'}).click();
    await page.getByText('Nothing here yet.').waitFor();
    assert.equal((await ask('', '/v1/models'))[0], 200);
    await go(page, url, '#/audit');
    assert.match(await page.locator('#page table').innerText(), /key\.revoke[\s\S]*key\.change[\s\S]*key\.create/);
  },

  async theFrameworksOwnConsoleOpensBehindTheSameLogin(page, {url, picture}) {
    await signIn(page, url);
    const {origin} = new URL(url);
    for (const name of ['bundles', 'components', 'services', 'configMgr', 'logs']) {
      await page.goto(origin + '/admin/felix/' + name, {waitUntil: 'networkidle'});
      assert.match(await page.title(), /Apache Felix/, name);
    }
    await page.goto(origin + '/admin/felix/bundles', {waitUntil: 'networkidle'});
    await page.getByText('org.alcove.console', {exact: false}).first().waitFor();
    await picture('console-framework');
    await page.goto(origin + '/admin/');
    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.getByRole('button', {name: 'Sign in'}).waitFor();
    await page.goto(origin + '/admin/felix/bundles');
    assert.equal(new URL(page.url()).pathname, '/admin/');
  }
};
