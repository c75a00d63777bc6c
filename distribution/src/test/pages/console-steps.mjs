// Steps that the scenarios of the console have in common.
import assert from 'node:assert/strict';

/** Signs in with the name and the password of the URL. */
export async function signIn(page, url, hash = '') {
  const {origin, username, password} = new URL(url);
  await page.goto(origin + '/admin/' + hash);
  await page.getByLabel('Name').fill(decodeURIComponent(username));
  await page.getByLabel('Password').fill(decodeURIComponent(password));
  await page.getByRole('button', {name: 'Sign in'}).click();
  await page.locator('#page section').first().waitFor();
  // The advice to change the first password would stand before what is tried.
  const advice = page.locator('#notices button');
  if (await advice.count() > 0) await advice.first().click();
}

/** Pages that the console offers who signed in. */
export const pages = page => page.locator('#nav a[href^="#/"]').evaluateAll(links => links.map(link => link.hash));

/** Shows a page of the console and waits until it has its content. */
export async function go(page, url, hash) {
  await page.goto(new URL(url).origin + '/admin/' + hash);
  await page.waitForFunction(() => document.querySelector('#page section') !== null
    && !document.querySelector('#page').textContent.includes('Loading …'));
}

/** Asks the admin API as the page that is shown would. */
export const ask = (page, method, path, body) => page.evaluate(async ([how, what, json]) => {
  const {csrf} = await (await fetch('/admin/api/session')).json();
  const answer = await fetch('/admin/api/' + what, {method: how, headers: {'X-Alcove-Csrf': csrf,
    ...json && {'Content-Type': 'application/json'}}, ...json && {body: json}});
  return {status: answer.status, body: await answer.json()};
}, [method, path, body && JSON.stringify(body)]);

/** Has a model write a few tokens, so many times at once. */
export const chat = (page, model, times, tokens = 2) => page.evaluate(async ([name, count, most]) => {
  const one = async () => (await fetch('/v1/chat/completions', {method: 'POST', headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({model: name, max_tokens: most, messages: [{role: 'user', content: 'Hello'}]})})).status;
  return Promise.all(Array.from({length: count}, one));
}, [model, times, tokens]);

/** Waits until a model is served. */
export async function served(page, model) {
  for (let i = 0; i < 3000; i++) {
    const {body} = await ask(page, 'GET', 'models');
    const found = body.models.find(one => one.name === model);
    if (found?.state === 'ready') return;
    assert.notEqual(found?.state, 'failed', found?.reason);
    await page.waitForTimeout(100);
  }
  assert.fail(model + ' is not served');
}
