// Runs the scenarios of a file against a running server in Debian's Chromium and prints {name: null or what went wrong} as JSON.
// Usage: node run.mjs FILE BASE_URL [FOLDER FOR PICTURES]
import {chromium} from 'playwright-core';
import {createRequire} from 'node:module';
import {existsSync, readFileSync} from 'node:fs';

const [file, url, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(path => existsSync(path));
const only = process.env.ONLY;

/**
 * What is served in place of the model: seconds of loading and places in line first, each until the page is told to go on, then
 * pieces of text and why they end. Runs in the page.
 */
function fakeModel() {
  const real = window.fetch;
  window.asked = [];
  window.fetch = async (path, options = {}) => {
    const fake = window.fake;
    if (path !== '/v1/chat/completions' || !fake) return real(path, options);
    window.asked.push({body: JSON.parse(options.body), key: options.headers.Authorization ?? null});
    if (fake.status) {
      window.fake = fake.then;
      return new Response(JSON.stringify({error: {message: fake.message, code: fake.code}}),
          {status: fake.status, headers: {'Content-Type': 'application/json', 'Retry-After': fake.after ?? '2'}});
    }
    const encoder = new TextEncoder();
    const event = delta => encoder.encode('data: ' + JSON.stringify({choices: [{index: 0, delta, finish_reason: null}]}) + '\n\n');
    let at = 0;
    const began = performance.now();
    const body = new ReadableStream({
      start(controller) {
        options.signal.addEventListener('abort', () => controller.error(new DOMException('stopped', 'AbortError')));
      },
      async pull(controller) {
        if (options.signal.aborted) return;
        for (const remark of [...(fake.loading?.splice(0) ?? []).map(seconds => 'loading ' + seconds),
          ...(fake.line?.splice(0) ?? []).map(place => 'queued ' + place)]) {
          controller.enqueue(encoder.encode(': ' + remark + '\n\n'));
          await new Promise(resolve => { window.goOn = resolve; });
        }
        if (fake.refusal) {
          window.fake = fake.then;
          controller.enqueue(encoder.encode('data: ' + JSON.stringify({error: fake.refusal}) + '\n\n'));
          controller.close();
          return;
        }
        if (at >= fake.pieces.length) {
          controller.enqueue(encoder.encode('data: ' + JSON.stringify({choices: [{index: 0, delta: {}, finish_reason: fake.finish ?? 'stop'}]})
              + '\n\ndata: ' + JSON.stringify({choices: [], usage: {prompt_tokens: 5, completion_tokens: at, total_tokens: at + 5}})
              + '\n\ndata: [DONE]\n\n'));
          controller.close();
          return;
        }
        const due = fake.rate ? Math.ceil((performance.now() - began) / 1000 * fake.rate) : fake.pieces.length;
        if (due <= at) await new Promise(resolve => setTimeout(resolve, 5));
        for (; at < Math.min(due, fake.pieces.length); at++) controller.enqueue(event({content: fake.pieces[at]}));
        if (due <= at && at < fake.pieces.length) controller.enqueue(encoder.encode(': ping\n\n'));
      }
    });
    return new Response(body, {headers: {'Content-Type': 'text/event-stream'}});
  };
}

async function inspect(page) {
  await page.evaluate(axe);
  const {violations} = await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']}));
  return violations.filter(it => ['serious', 'critical'].includes(it.impact))
      .map(it => it.id + ': ' + it.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', '));
}

const {scenarios} = await import(new URL(file, import.meta.url));
const results = {};
const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
for (const [name, scenario] of Object.entries(scenarios)) {
  if (only && !new RegExp(only).test(name)) continue;
  const context = await browser.newContext({viewport: {width: 1280, height: 860}, locale: 'en-US', colorScheme: 'light',
    permissions: ['clipboard-read', 'clipboard-write']});
  await context.addInitScript(fakeModel);
  const wrong = [];
  const another = async () => {
    const page = await context.newPage();
    page.setDefaultTimeout(300_000);
    page.on('pageerror', error => wrong.push('page error: ' + error.message));
    page.on('dialog', dialog => { wrong.push('a dialog of the browser: ' + dialog.message()); dialog.dismiss(); });
    page.on('console', message => /Content Security|TrustedHTML|TrustedScript/.test(message.text()) && wrong.push(message.text()));
    return page;
  };
  const page = await another();
  const tools = {url, context, another, inspect: () => inspect(page), picture: name => pictures
      ? page.screenshot({path: pictures + '/' + name + '.png'}) : undefined};
  try {
    await scenario(page, tools);
    results[name] = wrong.length === 0 ? null : wrong.join('\n');
  } catch (error) {
    results[name] = [error.stack, ...wrong].join('\n');
  }
  await context.close();
}
await browser.close();
console.log(JSON.stringify(results));
