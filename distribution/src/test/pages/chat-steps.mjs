// Steps that the scenarios of the chat page share.
export const ANSWERED = '.message.assistant[aria-busy="false"]';

export async function open(page, url, fake) {
  await page.goto(url + '/');
  await page.waitForFunction(() => document.querySelector('#model')?.value);
  if (fake) await page.evaluate(value => { window.fake = value; }, fake);
}

export async function ask(page, text, count = 1) {
  await page.fill('#message', text);
  await page.press('#message', 'Enter');
  await page.waitForFunction(n => document.querySelectorAll('.message.assistant[aria-busy="false"]').length === n, count);
}

/** Waits until all that was written is shown. */
export const shown = (page, text) => page.waitForFunction(wanted => document.querySelector('.thread').textContent.includes(wanted), text);
export const words = (...pieces) => ({pieces});
