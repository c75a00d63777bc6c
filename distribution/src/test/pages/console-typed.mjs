// What those who run a server typed and read on the console is not lost; each a sentence. The base URL is that of console.mjs.
import assert from 'node:assert/strict';
import {ask, go, pages, signIn} from './console-steps.mjs';

const json = value => ({status: 200, contentType: 'application/json', body: JSON.stringify(value)});

/** Takes the keys away whose names begin so: with any key the server asks everybody for one. */
async function forget(page, label) {
  for (const key of (await ask(page, 'GET', 'keys')).body.keys.filter(one => one.label === label)) {
    await ask(page, 'DELETE', 'keys/' + key.id);
    await ask(page, 'DELETE', 'keys/' + key.id + '?forget=true');
  }
}

export const scenarios = {
  async whatAnotherAdministratorChangesWhileADialogIsOpenStays(page, {url}) {
    await signIn(page, url, '#/keys');
    const {id} = (await ask(page, 'POST', 'keys', {label: 'of two', role: 'admin', models: null})).body;
    await go(page, url, '#/keys');
    await page.reload();
    await page.getByRole('button', {name: 'Change of two'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('of both');
    const found = async () => (await ask(page, 'GET', 'keys')).body.keys.find(one => /^of /.test(one.label));
    await ask(page, 'PATCH', 'keys/' + (id ?? (await found()).id), {role: null, requests_per_minute: 5});
    await dialog.getByRole('button', {name: 'Change'}).click();
    await page.locator('#page table').getByText('of both').waitFor();
    const {label, role, requests_per_minute: requests, models, endpoints} = await found();
    assert.deepEqual({label, role, requests, models, endpoints}, {label: 'of both', role: null, requests: 5, models: null, endpoints: null});
    await forget(page, 'of both');
  },

  async whatTheServerRefusesIsSaidInTheDialogAndWhatWasTypedStays(page, {url, inspect}) {
    await signIn(page, url, '#/keys');
    const dialog = page.getByRole('dialog');
    const refused = dialog.getByRole('alert');
    await page.getByRole('button', {name: 'Make a key …'}).click();
    await dialog.getByLabel('Name').fill('a key for nothing');
    await dialog.getByLabel('All, also those to come').uncheck();
    await dialog.getByRole('button', {name: 'Create'}).click();
    await refused.waitFor();
    assert.ok((await refused.innerText()).length > 10, 'no reason was given');
    assert.equal(await dialog.getByLabel('Name').inputValue(), 'a key for nothing');
    assert.deepEqual(await inspect(), []);
    await dialog.getByLabel('All, also those to come').check();
    await dialog.getByRole('button', {name: 'Create'}).click();
    await page.getByLabel('The key', {exact: true}).waitFor();
    await page.getByRole('button', {name: 'Close'}).last().click();
    await page.locator('#page table').getByText('a key for nothing').waitFor();
    await forget(page, 'a key for nothing');
    await page.getByRole('button', {name: 'Password …'}).click();
    await dialog.getByLabel('The old one').fill('a guess that is wrong');
    await dialog.getByLabel('The new one').fill('a password of some length');
    await dialog.getByRole('button', {name: 'Change'}).click();
    await refused.waitFor();
    assert.equal(await dialog.getByLabel('The new one').inputValue(), 'a password of some length');
    await page.keyboard.press('Escape');
    await dialog.waitFor({state: 'detached'});
    await go(page, url, '#/people');
    await page.getByRole('button', {name: 'Let somebody in …'}).click();
    await dialog.getByLabel('Name').fill('admin');
    await dialog.getByRole('button', {name: 'Create'}).click();
    await refused.waitFor();
    await dialog.getByRole('button', {name: 'Cancel'}).click();
    await dialog.waitFor({state: 'detached'});
    await go(page, url, '#/models');
    await page.getByRole('button', {name: 'Quantize …'}).click();
    await dialog.getByLabel('Name of the new one').fill('shelf');
    await dialog.getByRole('button', {name: 'Quantize'}).click();
    await refused.waitFor();
    assert.equal(await dialog.getByLabel('Name of the new one').inputValue(), 'shelf');
  },

  async whatIsMadeThoughItsDialogWasLeftIsShown(page, {url}) {
    await signIn(page, url, '#/people');
    let goOn;
    await page.route('**/admin/api/accounts', async route => {
      if (route.request().method() !== 'POST') return route.continue();
      await new Promise(resolve => { goOn = resolve; });
      await route.fulfill(json({name: 'made-up', role: 'viewer', password: 'shown once'}));
    });
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', {name: 'Let somebody in …'}).click();
    await dialog.getByLabel('Name').fill('made-up');
    const asked = page.waitForRequest(request => request.method() === 'POST');
    await dialog.getByRole('button', {name: 'Create'}).click();
    await asked;
    await page.keyboard.press('Escape');
    await dialog.waitFor({state: 'detached'});
    goOn();
    await dialog.getByText('shown once').waitFor();
  },

  async theAuditOpensAtItsNewestEntryAndShowsWhatFailed(page, {url}) {
    await signIn(page, url);
    const entry = (what, outcome) => ({when: new Date().toISOString(), who: 'admin', via: 'console', what, subject: 's', detail: 'd', outcome});
    await page.route('**/admin/api/audit?*', route => route.fulfill(json(route.request().url().includes('before=')
        ? {entries: [entry('an.older.deed', 'done')]} : {entries: [entry('the.newest.deed', 'failed')], next: 7})));
    const table = page.locator('#page table');
    await go(page, url, '#/audit');
    await table.getByText('the.newest.deed').waitFor();
    assert.match(await table.locator('.badge.bad').innerText(), /^failed$/);
    const older = async () => {
      await page.getByRole('button', {name: 'Older'}).click();
      await table.getByText('an.older.deed').waitFor();
    };
    await older();
    await page.locator('#nav a[href="#/keys"]').click();
    await page.getByRole('heading', {name: 'Keys', level: 1}).waitFor();
    await page.locator('#nav a[href="#/audit"]').click();
    await table.getByText('the.newest.deed').waitFor();
    await older();
    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.getByRole('button', {name: 'Sign in'}).waitFor();
    await signIn(page, url, '#/audit');
    await table.getByText('the.newest.deed').waitFor();
  },

  async choosingAPolicyLeavesWhatSomebodyElseChoseForAModelMeanwhile(page, {url}) {
    await signIn(page, url, '#/policy');
    await page.getByRole('button', {name: 'Use lottery'}).waitFor();
    const {body: before} = await ask(page, 'GET', 'policy');
    // The page stays as it is from here on: it waits for the choices, which do not come.
    await page.route('**/admin/api/dispatch', () => {});
    await ask(page, 'PUT', 'policy', {policy: before.policy, per_model: {...before.per_model, elsewhere: 'lottery'}});
    const put = page.waitForResponse(answer => answer.request().method() === 'PUT');
    await page.getByRole('button', {name: 'Use lottery'}).click();
    assert.equal((await put).status(), 200);
    const {body: after} = await ask(page, 'GET', 'policy');
    await ask(page, 'PUT', 'policy', {policy: before.policy, per_model: before.per_model});
    assert.deepEqual([after.policy, after.per_model.elsewhere], ['lottery', 'lottery']);
  },

  async everyButtonIsCalledByTheWordsItShows(page, {url}) {
    await page.route('**/admin/api/plugins', async route => {
      const told = await (await route.fetch()).json();
      await route.fulfill(json({...told, plugins: told.plugins.map(one => ({...one, previous: '0.0.1', removable: true}))}));
    });
    await page.route('**/admin/api/accounts', route => route.fulfill(json({accounts: [{name: 'else', role: 'viewer', sessions: 0}]})));
    await signIn(page, url);
    for (const hash of await pages(page)) {
      await go(page, url, hash);
      const odd = await page.locator('#page button[aria-label]').evaluateAll(buttons => buttons.filter(it => it.textContent !== '')
          .map(it => [it.textContent, it.getAttribute('aria-label')])
          .filter(([shown, name]) => !name.includes(shown.replace(/[\s…]+$/, ''))).map(pair => pair.join(' is called ')));
      assert.deepEqual(odd, [], hash);
    }
  }
};
