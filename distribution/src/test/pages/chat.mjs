// What a reader does on the chat page, each a sentence.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {ANSWERED, ask, open, shown, words} from './chat-steps.mjs';

/** The longest countdown that the page begins, in seconds. */
const LEFT = 120;
/** What is told while a reader waits stands until the next is told, which comes now. */
const goOn = page => page.evaluate(() => window.goOn());
/** Turns the page's clock. */
const later = (page, seconds) => page.evaluate(ms => {
  const now = Date.now;
  Date.now = () => now() + ms;
}, 1000 * seconds);

export const scenarios = {
  async aMessageIsAnsweredByTheModelAndKeptOverAReload(page, {url}) {
    await open(page, url);
    await ask(page, 'What is Alcove?');
    const answer = await page.textContent(ANSWERED + ' > .text');
    assert.ok(answer.trim().length > 0, 'no answer');
    assert.match(await page.textContent(ANSWERED + ' .figures'), /\d+ tokens · [\d.,]+ tokens\/s · first after [\d.,]+ m?s/);
    assert.match(await page.textContent('#context'), /^Context: \d+ of \d+ tokens$/);
    await page.reload();
    await shown(page, 'What is Alcove?');
    await page.waitForFunction(at => document.querySelector(at)?.textContent.trim(), ANSWERED + ' > .text');
    assert.equal(await page.textContent(ANSWERED + ' > .text'), answer);
  },

  async stoppingKeepsWhatWasWritten(page, {url}) {
    await open(page, url, {pieces: Array.from({length: 400}, (_, i) => 'word' + i + ' '), rate: 20});
    await page.fill('#message', 'Go on and on');
    await page.press('#message', 'Enter');
    await shown(page, 'word3');
    await page.keyboard.press('Escape');
    await page.waitForSelector(ANSWERED);
    assert.match(await page.textContent('.message.assistant .figures'), /stopped/);
    assert.match(await page.textContent('.message.assistant > .text'), /^word0 word1/);
    assert.equal(await page.textContent('#live'), 'The answer was stopped.');
    assert.equal(await page.getAttribute('#go', 'aria-label'), 'Send');
  },

  async anEditedMessageIsABranchBesideTheOld(page, {url}) {
    await open(page, url, words('an old answer'));
    await ask(page, 'old question');
    await page.evaluate(() => { window.fake = {pieces: ['second answer']}; });
    await page.click('.message.user [aria-label="Edit"]');
    await page.fill('dialog textarea', 'second question');
    await page.click('dialog .primary');
    await shown(page, 'second answer');
    assert.equal(await page.textContent('.message.user .versions'), '2/2');
    assert.ok(!(await page.textContent('.thread')).includes('old'));
    await page.click('[aria-label="Version before"]');
    await shown(page, 'old answer');
    assert.ok(!(await page.textContent('.thread')).includes('second'));
    await page.evaluate(() => { window.fake = {pieces: ['another answer']}; });
    await page.click('.message.assistant [aria-label="Answer again"]');
    await shown(page, 'another answer');
    assert.equal(await page.textContent('.message.assistant .versions'), '2/2');
    const {body} = await page.evaluate(() => window.asked.at(-1));
    assert.deepEqual(body.messages, [{role: 'user', content: 'old question'}]);
  },

  async conversationsAreFoundRenamedAndDeleted(page, {url}) {
    await open(page, url, words('about whales'));
    await ask(page, 'one');
    await page.click('#new');
    await page.evaluate(() => { window.fake = {pieces: ['about trees']}; });
    await ask(page, 'two');
    await page.fill('[type=search]', 'WHALES');
    assert.equal(await page.locator('.list li').count(), 1);
    await page.hover('.list li');
    await page.click('.list [aria-label="Rename"]');
    await page.fill('dialog input', 'Sea <b>life</b>');
    await page.click('dialog .primary');
    await page.waitForSelector('text=Sea <b>life</b>');
    await page.hover('.list li');
    await page.click('.list [aria-label="Delete"]');
    await page.click('dialog .primary');
    await page.waitForSelector('text=Nothing found.');
    await page.fill('[type=search]', '');
    assert.equal(await page.locator('.list li').count(), 1);
  },

  async conversationsGoOutToAFileAndComeInAgain(page, {url}) {
    await open(page, url, words('**bold** answer'));
    await ask(page, 'a question');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('[aria-label="Export all (JSON)"]')]);
    const json = readFileSync(await file.path(), 'utf8');
    assert.equal(JSON.parse(json).conversations.length, 1);
    await page.hover('.list li');
    const [text] = await Promise.all([page.waitForEvent('download'), page.click('[aria-label="Export as Markdown"]')]);
    assert.match(readFileSync(await text.path(), 'utf8'), /^# a question\n\n## You\n\na question\n\n## \S+\n\n\*\*bold\*\* answer\n$/);
    await page.click('.list [aria-label="Delete"]');
    await page.click('dialog .primary');
    await page.waitForSelector('text=Nothing here yet.');
    await page.setInputFiles('#import', {name: 'c.json', mimeType: 'application/json', buffer: Buffer.from(json)});
    await page.click('.list .open');
    await shown(page, 'bold answer');
    await page.setInputFiles('#import', {name: 'c.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"x"}')});
    await page.waitForSelector('text=Nothing was imported: the format is "x"');
  },

  async nothingTheModelWritesRuns(page, {url}) {
    const evil = ['<script>window.hit=1</script>', '<img src=x onerror="window.hit=1">', '<svg onload="window.hit=1">',
      '[a](javascript:window.hit=1)', '[b](JaVa\tScript:window.hit=1)', '[c](data:text/html,<script>window.hit=1</script>)',
      '![d](https://elsewhere.invalid/x.png)', '<a href="javascript:window.hit=1">e</a>', '<iframe src="javascript:window.hit=1">',
      '<style>*{display:none}</style>', '```html"onload=window.hit=1\n</code></pre><script>window.hit=1</script>\n```',
      '$\\href{javascript:window.hit=1}{x}$', '$\\htmlData{x=y}{z}$', '$$\\def\\a{\\a\\a}\\a$$', '`<img src=x onerror=window.hit=1>`',
      '<math><mtext><table><mglyph><style><img src=x onerror=window.hit=1>', '[x]: javascript:window.hit=1\n[x]',
      '| <img src=x onerror=window.hit=1> |\n|---|\n| y |', '\u202Eevil\u202D [f](https://example.org/\u202Egpj.exe)', 'the end'];
    const requests = [];
    page.on('request', request => requests.push(request.url()));
    await open(page, url, words(...evil.flatMap(text => [...text.match(/[\s\S]{1,7}/g), '\n\n'])));
    await ask(page, '<img src=x onerror="window.hit=1"> \u202Ebidi');
    await shown(page, 'the end');
    await page.waitForTimeout(500);
    await page.reload();
    await shown(page, 'the end');
    const found = await page.evaluate(() => {
      const inside = [...document.querySelectorAll('.thread *, .list *')];
      return {hit: window.hit, tags: inside.filter(it => /^(script|img|svg|iframe|style|form|object)$/i.test(it.localName)
          && !it.closest('button')).map(it => it.localName),
        handlers: inside.flatMap(it => it.getAttributeNames()).filter(name => /^(on|style|data-x)/.test(name)),
        links: [...document.querySelectorAll('.thread a')].map(it => it.getAttribute('href') ?? '').filter(it => !/^(https?:|$)/.test(it)),
        rel: [...document.querySelectorAll('.thread a[href]')].every(it => it.rel.includes('noopener')),
        bidi: getComputedStyle(document.querySelector('.list .name')).unicodeBidi};
    });
    assert.deepEqual(found, {hit: undefined, tags: [], handlers: [], links: [], rel: true, bidi: 'isolate'});
    assert.deepEqual(requests.filter(it => !it.startsWith(url)), []);
  },

  async hugeTextIsShownWithoutHoldingUpThePage(page, {url}) {
    await open(page, url);
    const kinds = ['# head\n\n', 'text with *stars* and `code` '.repeat(40) + '\n\n', '- item\n'.repeat(60) + '\n',
      '```js\n' + 'let a = 1;\n'.repeat(200) + '```\n\n', '*'.repeat(3000) + '\n\n', '['.repeat(3000) + '\n\n', '> '.repeat(200) + 'x\n\n'];
    await page.evaluate(pieces => { window.fake = {pieces}; }, Array.from({length: 350}, (_, i) => kinds[i % kinds.length]).concat('the end'));
    const {longest} = await watch(page, async () => {
      await ask(page, 'everything');
      await page.waitForFunction(() => document.querySelector('.thread').lastElementChild.textContent.includes('the end'));
    });
    console.error('huge text: longest task ' + longest + ' ms');
    assert.ok(longest < 2000, 'a task took ' + longest + ' ms');
  },

  async twoHundredTokensASecondLeaveThePageFree(page, {url}) {
    await open(page, url);
    const block = 'A paragraph with **bold**, `code` and more words in it.\n\n- one\n- two\n\n```java\nint a = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n';
    const pieces = block.repeat(40).match(/[\s\S]{1,4}/g).slice(0, 1600);
    // What takes the processor away only adds to a task: the best of a few runs is the page's own, and it has none of 100 ms.
    const runs = [];
    while (runs.length < 4 && !runs.some(run => run.slow === 0)) {
      await page.click('#new');
      await page.evaluate(value => { window.fake = {pieces: value, rate: 200}; }, [...pieces, ' the end']);
      runs.push(await watch(page, async () => {
        await ask(page, 'quickly');
        await shown(page, 'the end');
      }));
    }
    const told = runs.map(({longest, slow, seconds}) => `longest ${longest} ms, ${slow} of 100 ms or more in ${seconds.toFixed(1)} s`).join('; ');
    console.error('200 tokens/s: ' + told);
    // Where others have the machine in all of the runs, 95 of 100 frames of the best still have none.
    assert.ok(runs.some(({longest, slow, seconds}) => slow <= seconds * 60 / 20 && longest < 400), told);
  },

  async codeHasColoursAndFormulasAreMathMl(page, {url}) {
    await open(page, url, words('```js\nconst a = "b";\n```\n\nInline $a^2$ and \\(b\\):\n\n$$\\frac{1}{2}$$\n\ncosts $5 and $6\n\nbad $\\frac{$ end'));
    await ask(page, 'show');
    await page.waitForSelector('.hljs-keyword');
    await page.waitForFunction(() => document.querySelectorAll('math').length === 3);
    await shown(page, 'costs $5 and $6');
    await page.click('[aria-label="Copy code"]');
    assert.equal((await page.evaluate(() => navigator.clipboard.readText())).trim(), 'const a = "b";');
  },

  async reasoningIsFolded(page, {url}) {
    await open(page, url, words('<thi', 'nk>Let me see.', '</think>', 'It is **four**.'));
    await ask(page, 'two and two');
    await shown(page, 'It is four.');
    assert.equal(await page.textContent('.reasoning summary'), 'Reasoning');
    assert.equal(await page.locator('.reasoning .text').isVisible(), false);
    await page.click('.reasoning summary');
    assert.match(await page.textContent('.reasoning .text'), /^Let me see\./);
    assert.equal((await page.textContent('.message.assistant > .text')).trim(), 'It is four.');
  },

  async aFailureSaysWhyAndCanBeTriedAgain(page, {url}) {
    await open(page, url, {status: 429, code: 'overloaded', message: 'the queue holds 8 of 8 requests', then: {pieces: ['now it works']}});
    await ask(page, 'hello');
    assert.equal(await page.textContent('.fault p'), 'No answer: the queue holds 8 of 8 requests');
    assert.match(await page.textContent('.fault .under'), /HTTP 429 · overloaded · come again in 2 s/);
    await page.click('.fault button');
    await shown(page, 'now it works');
  },

  async anAnswerThatAGuardEndedSaysSoAndThatNothingFollows(page, {url, inspect}) {
    await open(page, url, {pieces: ['Behind the door ', 'is '], finish: 'content_filter'});
    await ask(page, 'What is behind the door?');
    await shown(page, 'Behind the door is');
    const said = 'A guard, which checks answers while they are written, ended this one here. It does not tell why; what is shown is all there is.';
    const ending = page.locator('.ending:visible');
    assert.equal(await ending.textContent(), said);
    assert.equal(await page.textContent('#live'), 'A guard ended the answer.');
    assert.equal(await page.locator('.fault:visible').count(), 0, 'it is no failure');
    assert.deepEqual(await inspect(), []);
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('[aria-label="Export all (JSON)"]')]);
    const json = readFileSync(await file.path());
    await page.evaluate(() => { window.fake = {pieces: ['another end']}; });
    await page.click('.message.assistant [aria-label="Answer again"]');
    await shown(page, 'another end');
    assert.equal(await ending.count(), 0, 'said of an answer that came to its end');
    await page.hover('.list li');
    await page.click('.list [aria-label="Delete"]');
    await page.click('dialog .primary');
    await page.waitForSelector('text=Nothing here yet.');
    await page.setInputFiles('#import', {name: 'c.json', mimeType: 'application/json', buffer: json});
    await page.click('.list .open');
    assert.equal(await ending.textContent(), said, 'lost on the way through a file');
    await page.evaluate(() => { window.fake = {pieces: [], finish: 'content_filter'}; });
    await ask(page, 'And now?', 2);
    assert.match(await ending.last().textContent(), /ended this one before its first word/);
    await page.selectOption('[aria-label="Language · 语言"]', 'zh');
    await page.click('.list .open');
    assert.match(await ending.first().textContent(), /^守卫会在回答生成时检查内容，并在这里结束了此回答。/);
  },

  async aKeyIsAskedForAndKeptInThisTabOnly(page, {url, context}) {
    await page.route('**/v1/models', route => route.request().headers().authorization === 'Bearer secret' ? route.continue()
        : route.fulfill({status: 401, contentType: 'application/json', body: '{"error":{"message":"no key","code":"invalid_api_key"}}'}));
    await page.goto(url + '/');
    await page.fill('dialog input[name=key]', 'secret');
    await page.click('dialog .primary');
    await page.waitForFunction(() => document.querySelector('#model')?.value);
    await page.evaluate(() => { window.fake = {pieces: ['ok']}; });
    await ask(page, 'hello');
    assert.equal(await page.evaluate(() => window.asked[0].key), 'Bearer secret');
    const state = JSON.stringify(await context.storageState({indexedDB: true}));
    assert.ok(!state.includes('Bearer') && !state.includes('"secret"'));
  },

  async filesSettingsAndPresetsReachTheModel(page, {url}) {
    await open(page, url, words('ok'));
    await page.setInputFiles('#files', [{name: '<b>notes</b>.txt', mimeType: 'text/plain', buffer: Buffer.from('a ``` b')},
      {name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from([137, 80, 255, 0])}]);
    await page.waitForSelector('text=picture.png is no text');
    await page.click('#tune');
    await page.fill('[name=system]', 'Be brief.');
    await page.fill('[name=temperature]', '0.5');
    await page.fill('[name=stop]', 'END');
    await page.fill('[name=preset]', 'short');
    await page.click('dialog .primary');
    await ask(page, 'read this');
    const {body} = await page.evaluate(() => window.asked[0]);
    assert.deepEqual(body.messages, [{role: 'system', content: 'Be brief.'},
      {role: 'user', content: '<b>notes</b>.txt:\n````\na ``` b\n````\n\nread this'}]);
    const {messages, model, ...rest} = body;
    assert.deepEqual(rest, {temperature: 0.5, stop: ['END'], stream: true, stream_options: {include_usage: true}});
    await page.click('#new');
    await page.click('#tune');
    assert.equal(await page.inputValue('[name=system]'), '');
    await page.selectOption('dialog [aria-label=Preset]', 'short');
    assert.equal(await page.inputValue('[name=system]'), 'Be brief.');
  },

  async theShieldSaysOnlyWhatWasVerified(page, {url}) {
    await open(page, url);
    await page.waitForSelector('#shield .plain');
    assert.equal(await page.textContent('#shield'), 'Not verified');
    await page.click('#shield');
    assert.match(await page.textContent('dialog'), /Nothing was verified/);
    await page.route('**/connect/verdict', route => route.fulfill({json: {verdict: 'accepted', reasons: ['measured <b>as expected</b>']}}));
    await open(page, url);
    await page.waitForSelector('#shield .good');
    await page.click('#shield');
    assert.match(await page.textContent('dialog'), /measured <b>as expected<\/b>/);
    await page.unroute('**/connect/verdict');
    await page.route('**/connect/verdict', route => route.fulfill({json: {verdict: 'rejected', reasons: ['debug is on', 'no policy']}}));
    await open(page, url);
    await page.waitForSelector('#shield .bad');
    assert.equal(await page.textContent('#shield'), 'Rejected');
    await page.click('#shield');
    assert.equal(await page.locator('dialog li').count(), 2);
    await page.unroute('**/connect/verdict');
    await page.route('**/connect/verdict', route => route.fulfill({json: {verdict: 'accepted', mock: true, reasons: ['MOCK evidence']}}));
    await open(page, url);
    await page.waitForSelector('#shield .bad');
    assert.equal(await page.textContent('#shield'), 'Mock, proves nothing');
  },

  async whoWaitsIsToldHowManyWait(page, {url}) {
    await open(page, url);
    const model = await page.inputValue('#model');
    await page.route('**/metrics', route => route.fulfill({body: `alcove:num_requests_waiting{model_name="${model}",worker="w"} 3\n`
        + `alcove:num_requests_running{model_name="${model}",worker="w"} 2\n`}));
    await page.evaluate(() => { window.fake = {pieces: ['late'], rate: 0.0001}; window.fake.pieces.unshift(''); });
    await page.fill('#message', 'hello');
    await page.press('#message', 'Enter');
    await page.waitForSelector('text=In line: at most 3 wait, yours among them; 2 are being answered.');
  },

  async whoWaitsIsToldThePlaceInLine(page, {url}) {
    await open(page, url, {pieces: ['your turn'], line: [3, 1, 0], rate: 5});
    await page.fill('#message', 'hello');
    await page.press('#message', 'Enter');
    await page.waitForSelector('text=Place 3 in line.');
    await goOn(page);
    await page.waitForSelector('text=Place 1 in line.');
    await goOn(page);
    await page.waitForSelector('text=The model reads the conversation…');
    await goOn(page);
    await shown(page, 'your turn');
    assert.equal(await page.locator('.wait').isVisible(), false);
  },

  async theFieldGrowsWithALongMessageAndASecondAnswerIsRefusedInWords(page, {url}) {
    await open(page, url, {pieces: ['slowly '.repeat(3), 'on'], rate: 0.0001});
    const field = page.locator('#message');
    const lines = () => field.evaluate(it => it.clientHeight >= it.scrollHeight ? it.rows : 'cut off');
    assert.equal(await lines(), 1);
    await field.fill('one line that is far longer than the field is wide '.repeat(6));
    const wrapped = await lines();
    assert.ok(wrapped >= 3, 'rows: ' + wrapped);
    await field.fill('word\n'.repeat(40));
    assert.equal(await field.evaluate(it => it.rows), 10);
    await field.fill('the first');
    assert.equal(await lines(), 1);
    await page.press('#message', 'Enter');
    await shown(page, 'slowly');
    await page.click('#new');
    await field.fill('the second');
    await page.press('#message', 'Enter');
    await page.getByText('An answer is still being written, in “the first”.').waitFor();
    assert.equal(await field.inputValue(), 'the second', 'what was written is lost');
    assert.equal(await page.evaluate(() => window.asked.length), 1);
  },

  async whoAsksAModelThatIsLoadedFirstIsToldForHowLong(page, {url}) {
    await open(page, url, {pieces: ['loaded at last'], loading: [17, 32], line: [2, 0], rate: 5});
    await page.fill('#message', 'hello');
    await page.press('#message', 'Enter');
    await page.waitForSelector('text=The model is being loaded, for 17 s so far…');
    await goOn(page);
    await page.waitForSelector('text=The model is being loaded, for 32 s so far…');
    await goOn(page);
    await page.waitForSelector('text=Place 2 in line.');
    await goOn(page);
    await page.waitForSelector('text=The model reads the conversation…');
    await goOn(page);
    await shown(page, 'loaded at last');
    assert.equal(await page.locator('.wait').isVisible(), false);
  },

  async theListTellsWhichModelsAreLoadedAndChoosesOneThatIs(page, {url, inspect}) {
    const told = [['cold', 'unloaded'], ['warm', 'ready'], ['coming', 'loading'], ['broken', 'failed']];
    let data = told.map(([id, state]) => ({id, state, ...state === 'ready' && {max_model_len: 64}}));
    await page.route('**/v1/models', route => route.fulfill({json: {object: 'list', data}}));
    await open(page, url);
    assert.equal(await page.inputValue('#model'), 'warm');
    assert.equal(await page.textContent('#state'), 'ready');
    assert.deepEqual(await page.locator('#model optgroup').evaluateAll(groups => groups.map(it => [it.label,
      ...[...it.children].map(option => option.text)])), [['Loaded', 'warm'],
      ['Loaded when asked', 'cold – not loaded', 'coming – loading', 'broken – failed to load']]);
    assert.deepEqual(await inspect(), []);
    await page.selectOption('#model', 'cold');
    assert.equal(await page.textContent('#state'), 'not loaded');
    assert.match(await page.getAttribute('#state', 'title'), /loaded when you send a message/);
    await page.evaluate(() => { window.fake = {pieces: ['', 'here'], rate: 0.0001}; });
    await page.fill('#message', 'wake up');
    await page.press('#message', 'Enter');
    await page.waitForSelector('text=/The model is being loaded, for [1-9]\\d* s so far…/');
    data = told.map(([id]) => ({id, state: 'ready', max_model_len: 64}));
    await page.waitForFunction(() => document.querySelector('#state').textContent === 'ready');
    await page.evaluate(() => { window.fake.rate = 1000; });
    await shown(page, 'here');
    assert.equal(await page.inputValue('#model'), 'cold', 'the choice was lost when the list changed');
    assert.equal(await page.locator('#model optgroup').count(), 0);
    assert.equal((await page.evaluate(() => window.asked[0].body)).model, 'cold');
  },

  async aModelThatIsNotLoadedIsLoadedByItsFirstMessage(page, {url}) {
    await open(page, url);
    const names = await page.locator('#model option').evaluateAll(options => options.map(it => it.value));
    assert.ok(names.includes('sleeper'), 'the list holds ' + names);
    await page.selectOption('#model', 'sleeper');
    assert.equal(await page.textContent('#state'), 'not loaded');
    await ask(page, 'What is the capital of France?');
    await shown(page, 'Paris');
    await page.waitForFunction(() => document.querySelector('#state').textContent === 'ready');
  },

  async aModelThatIsStillBeingLoadedIsAskedAgainAfterACountdown(page, {url, inspect}) {
    await open(page, url, {status: 503, code: 'unavailable', after: String(LEFT), message: 'the model big is being loaded', then: {status: 503,
      code: 'unavailable', after: String(LEFT), message: 'it is still being loaded', then: {pieces: ['now it is there']}}});
    await ask(page, 'hello');
    assert.match(await page.textContent('.fault'), /the model big is being loaded.*HTTP 503 · unavailable/);
    const left = async () => Number((await page.textContent('.countdown')).match(/^The page tries again in (\d+) s\.$/)[1]);
    const first = await left();
    assert.ok(first > 0 && first <= LEFT, first + ' s are left');
    assert.deepEqual(await inspect(), []);
    await later(page, LEFT / 2);
    await page.waitForFunction(most => Number(document.querySelector('.countdown').textContent.match(/\d+/)[0]) <= most, first - LEFT / 2);
    await later(page, LEFT);
    await page.waitForSelector('text=it is still being loaded');
    assert.ok(await left() > 0);
    await later(page, LEFT);
    await shown(page, 'now it is there');
    assert.equal(await page.evaluate(() => window.asked.length), 3);
    assert.equal(await page.textContent('.message.assistant .versions'), '', 'a failed try is no version of the answer');
    assert.equal(await page.locator('.fault:visible').count(), 0);
    // A stream that has begun tells no Retry-After, and a reader may have had enough.
    await page.evaluate(() => {
      window.fake = {pieces: [], loading: [60], refusal: {code: 'unavailable', message: 'not ready after 60 s'}};
      const at = Date.now();
      Date.now = () => at;
    });
    await page.fill('#message', 'and now?');
    await page.press('#message', 'Enter');
    await page.waitForSelector('text=The model is being loaded, for 60 s so far…');
    await goOn(page);
    await page.waitForSelector('text=The page tries again in 5 s.');
    await page.click('text=Do not try again');
    assert.equal(await page.locator('.countdown').count(), 0);
    await later(page, 3600);
    // A countdown that went on would look at the clock four times a second.
    await page.waitForTimeout(1000);
    assert.equal(await page.evaluate(() => window.asked.length), 4);
    await page.evaluate(() => { window.fake = {pieces: ['by hand']}; });
    await page.click('text=Try again');
    await shown(page, 'by hand');
  },

  async theServerKeepsConversationsOnlyWhenTheReaderChooses(page, {url, inspect, context}) {
    const calls = [];
    page.on('request', request => request.url().includes('/chat/conversations') && calls.push(request.method()));
    await open(page, url, words('about whales'));
    await ask(page, 'one');
    assert.deepEqual(calls, []);
    await page.click('#keeping');
    assert.deepEqual(await inspect(), [], 'the dialog');
    await page.click('#to-server');
    await page.waitForSelector('dialog', {state: 'detached'});
    await shown(page, 'about whales');
    const state = JSON.stringify((await context.storageState({indexedDB: true})).origins);
    assert.ok(!state.includes('whales'), 'the browser still keeps it');
    await page.reload();
    await shown(page, 'about whales');
    await page.click('#keeping');
    const code = await page.textContent('#code');
    assert.match(code, /^[0-9a-f]{64}$/);
    assert.deepEqual(await inspect(), [], 'the code');
    await page.click('#forget');
    await page.click('dialog [type=submit]');
    await page.waitForSelector('text=Nothing here yet.');
    await page.click('#keeping');
    await page.fill('[name=code]', 'xyz');
    await page.click('#use-code');
    await page.waitForSelector('dialog .fault');
    assert.match(await page.textContent('dialog .fault'), /^Nothing was moved: a code has 64/);
    await page.fill('[name=code]', code);
    await page.click('#use-code');
    await page.click('.list .open');
    await shown(page, 'about whales');
    await page.click('#keeping');
    await page.click('#to-browser');
    await page.waitForSelector('dialog', {state: 'detached'});
    await shown(page, 'about whales');
    const left = await page.evaluate(async box => (await fetch('/chat/conversations', {headers: {'X-Alcove-Box': box}})).text(), code);
    assert.equal(left, '');
    await page.reload();
    await shown(page, 'about whales');
  },

  async settingsShowWhatTheModelTakesByItself(page, {url}) {
    await open(page, url);
    const [model] = (await (await fetch(url + '/v1/models')).json()).data;
    assert.equal(model.default_sampling.temperature, 0);
    await page.click('#tune');
    assert.equal(await page.getAttribute('[name=temperature]', 'placeholder'), 'Server: 0');
    assert.equal(await page.getAttribute('[name=top_p]', 'placeholder'), 'Server: 1');
    await page.keyboard.press('Escape');
    await ask(page, 'What is the capital of France?');
    await shown(page, 'Paris');
  },

  async thePictureShowsARealConversation(page, {url, picture}) {
    await open(page, url);
    const questions = ['What is Alcove?', 'What is the capital of France?', 'What is 17 + 26?'];
    for (const [i, question] of questions.entries()) await ask(page, question, i + 1);
    assert.match(await page.textContent('.thread'), /private chat server[^]*Paris[^]*43/);
    await page.mouse.move(5, 5);
    await picture('chat-light');
  },

  async noPageHasASeriousBarrier(page, {url, inspect, picture}) {
    const answer = ['Two ways to add numbers in **Java**:\n\n1. a loop\n2. a stream\n\n```java\nint sum = IntStream.of(1, 2, 3).sum();\n```\n\n'
        + 'The sum of the first $n$ numbers is\n\n$$\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}$$\n\n| n | sum |\n|---|---|\n| 10 | 55 |\n'].flatMap(text => text.match(/[\s\S]{1,4}/g));
    await open(page, url);
    assert.deepEqual(await inspect(), [], 'empty page');
    await page.evaluate(pieces => { window.fake = {pieces, rate: 150}; }, answer);
    await ask(page, 'How do I add numbers?');
    await page.waitForSelector('math');
    await page.waitForSelector('.hljs-keyword, .hljs-type, .hljs-number');
    assert.deepEqual(await inspect(), [], 'light');
    await page.selectOption('#theme', 'dark');
    assert.deepEqual(await inspect(), [], 'dark');
    await picture('chat-dark');
    await page.click('#tune');
    assert.deepEqual(await inspect(), [], 'settings');
    await page.keyboard.press('Escape');
    await page.setViewportSize({width: 390, height: 844});
    assert.deepEqual(await inspect(), [], 'phone');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390), 'the page is wider than the phone');
    await page.selectOption('#theme', 'light', {force: true}).catch(() => undefined);
    await picture('chat-phone');
    await page.click('#menu');
    await page.click('#new');
    assert.equal(await page.locator('#side').isVisible(), false);
  },

  async noDialogHasASeriousBarrierAndTheKeyboardOpensAndLeavesEach(page, {url, inspect}) {
    await open(page, url, words('an answer'));
    await ask(page, 'a question');
    const opened = async (selector, name) => {
      await page.focus(selector);
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog[open]');
      assert.deepEqual(await inspect(), [], name);
      assert.ok(await page.evaluate(() => document.querySelector('dialog').contains(document.activeElement)), name + ' has not the focus');
      assert.ok(await page.evaluate(() => document.querySelector('dialog').getBoundingClientRect().width <= innerWidth), name + ' is too wide');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog', {state: 'detached'});
      assert.ok(await page.evaluate(wanted => document.activeElement === document.querySelector(wanted), selector), name + ' loses the focus');
    };
    const dialogs = [['.message.user [aria-label="Edit"]', 'edit'], ['#shield', 'shield'], ['#tune', 'settings'],
      ['.list [aria-label="Rename"]', 'rename'], ['.list [aria-label="Delete"]', 'delete'], ['#keeping', 'keeping']];
    for (const [selector, name] of dialogs) await opened(selector, name);
    await page.selectOption('#theme', 'dark');
    await page.setViewportSize({width: 360, height: 700});
    for (const [selector, name] of dialogs.slice(0, 3)) await opened(selector, name + ', on a dark phone');
    await page.click('#menu');
    await page.waitForSelector('.menu .side');
    assert.deepEqual(await inspect(), [], 'the list on a phone');
    for (const [selector, name] of dialogs.slice(3)) await opened(selector, name + ', on a dark phone');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'the page is wider than the phone');
  },

  async thePageSpeaksChinese(page, {url, inspect}) {
    await open(page, url);
    await page.selectOption('[aria-label="Language · 语言"]', 'zh');
    await page.waitForSelector('text=新对话');
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
    assert.deepEqual(await inspect(), []);
  },

  async aGrowingTextIsCutOnlyWhereNothingCanChangeAnyMore(page, {url}) {
    await page.goto(url + '/');
    const found = await page.evaluate(async () => {
      const {settled} = await import('/chat/blocks.js');
      return ['one\n\ntwo', 'one\n\n', 'one\ntwo', '- a\n\n- b', '- a\n\n  more', '- a\n\nafter', '```\na\n\nb', '```\na\n```\n',
        'a\n\n~~~\n```\n\nx', '$$\na\n\nb', 'a\n\n    code', '1. a\n\n2', '> a\n\nb', '- item\n'.repeat(1000) + '- x'].map(settled);
    });
    assert.deepEqual(found, [5, 0, 0, 0, 0, 5, 0, 10, 3, 0, 0, 0, 5, 6006]);
  },

  async piecesOfAStreamBecomeEventsWhereverTheyAreCut(page, {url}) {
    await page.goto(url + '/');
    const found = await page.evaluate(async () => {
      const {eventReader} = await import('/chat/sse.js');
      const text = 'data: {"a":1}\r\n\r\n: ping\n\ndata: x\ndata: y\n\nevent: z\ndata:[DONE]\n\n';
      return [1, 2, 3, 7, 100].map(size => {
        const remarks = [];
        const read = eventReader(remark => remarks.push(remark));
        return text.match(new RegExp('[^]{1,' + size + '}', 'g')).flatMap(read).concat(remarks);
      });
    });
    for (const events of found) assert.deepEqual(events, ['{"a":1}', 'x\ny', '[DONE]', 'ping']);
  },

  async aForeignFileOfConversationsCannotBreakTheTree(page, {url}) {
    await page.goto(url + '/');
    const found = await page.evaluate(async () => {
      const {fromJson, toJson} = await import('/chat/transfer.js');
      const {add, choose, conversation, path} = await import('/chat/tree.js');
      const tree = conversation(1, 'c');
      const question = add(tree, null, {role: 'user', text: 'q'}, 'a');
      const first = add(tree, question.id, {role: 'assistant', text: 'one', stopped: true}, 'b');
      add(tree, question.id, {role: 'assistant', text: 'two', fault: {status: 429, code: 'busy', message: 'no', at: 9}}, 'd');
      choose(tree, first.id);
      const [back] = fromJson(toJson([tree]));
      const messages = {x: {id: 'x', parent: 'y', role: 'user'}, y: {id: 'y', parent: 'x', role: 'user'}};
      const refused = [{messages}, {messages: {x: {id: 'x', parent: null, role: 'system'}}}, {id: '__proto__'}, {title: 7}].map(it => {
        try {
          return fromJson(JSON.stringify({format: 'alcove-conversations', version: 1, conversations: [{id: 'i', title: 't', ...it}]}));
        } catch (error) {
          return error.message;
        }
      });
      return {shown: path(back).map(it => it.text), all: Object.keys(back.messages).length, refused,
        ends: [back.messages.b.stopped, back.messages.d.fault]};
    });
    assert.deepEqual(found, {shown: ['q', 'one'], all: 3, ends: [true, {status: 429, code: 'busy', message: 'no'}],
      refused: ['conversation 1: the parent of x is missing',
      'conversation 1: the role "system"', 'conversation 1: id is no text', 'conversation 1: title is no text']});
  },

  async theFirstPaintIsEarlyAndTheKeyboardReachesEverything(page, {url}) {
    const paints = [];
    while (paints.length < 5 && !(Math.min(...paints) < 1000)) {
      await open(page, url);
      paints.push(Math.round(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime)));
    }
    console.error('first paint after ' + paints.join(', ') + ' ms');
    assert.ok(Math.min(...paints) < 1000, 'first paint after ' + paints + ' ms');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'message');
    const reached = new Set();
    for (let i = 0; i < 25; i++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute('aria-label') || ''));
    }
    for (const wanted of ['new', 'model', 'shield', 'tune', 'go', 'Export all (JSON)']) assert.ok(reached.has(wanted), 'Tab misses ' + wanted);
  }
};

/** Tasks of the page while something is done: the longest in ms, 0 below 50; how many took 100 ms or more; within how many seconds. */
async function watch(page, action) {
  await page.evaluate(() => {
    window.tasks = [];
    window.watching = new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(task => task.duration)));
    window.watching.observe({type: 'longtask'});
  });
  const began = performance.now();
  await action();
  const tasks = await page.evaluate(() => {
    window.watching.disconnect();
    return window.tasks;
  });
  return {longest: Math.round(Math.max(0, ...tasks)), slow: tasks.filter(it => it >= 100).length, seconds: (performance.now() - began) / 1000};
}
