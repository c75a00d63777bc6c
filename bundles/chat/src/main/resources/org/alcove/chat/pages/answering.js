// One answer on its way: from the request to the last piece, with its times.
import {answer, line} from './api.js';
import {t} from './text.js';

const LINE_MS = 1000;
/** So often in a row the page asks again by itself; then the reader does. */
const TRIES = 10;
/** Who may come again in a minute is not kept waiting by a page that counts. */
const LONGEST_COUNT = 120;

/**
 * Lets a model answer into a message; calls changed after each piece. Loaded tells whether the model is loaded, as far as the page
 * knows; look is called to find out where it is not. Ends when the answer does, never throws; the message is not coming any more then.
 */
export async function run(message, body, signal, {changed, loaded, look}) {
  const began = performance.now();
  let first = 0;
  // The server tells it seldom, and not before it has to: until then the page counts.
  let asked = began;
  const isLoading = () => {
    message.wait = t('The model is being loaded, for {n} s so far…', {n: Math.floor((performance.now() - asked) / 1000)});
    look();
    changed();
  };
  const waiting = setInterval(() => loaded() ? tellLine(message, body.model, changed) : isLoading(), LINE_MS);
  if (!loaded()) isLoading();
  const told = remark => {
    if (remark.loading !== undefined) {
      asked = performance.now() - 1000 * remark.loading;
      isLoading();
      return;
    }
    clearInterval(waiting);
    message.wait = remark.queued > 0 ? t('Place {n} in line.', {n: remark.queued}) : t('The model reads the conversation…');
    changed();
  };
  try {
    await answer(body, signal, piece => {
      if (first === 0 && piece.text + piece.reasoning !== '') {
        first = performance.now();
        message.first = first - began;
        clearInterval(waiting);
      }
      message.text += piece.text;
      if (piece.reasoning !== '') message.reasoning = (message.reasoning ?? '') + piece.reasoning;
      if (piece.finish !== null) message.finish = piece.finish;
      if (piece.usage !== null) message.usage = piece.usage;
      changed();
    }, told);
    // An end without a word why is one, too: of two copies of an answer that is told from a part of it.
    message.finish ??= 'stop';
  } catch (error) {
    if (error.name === 'AbortError') message.stopped = true;
    else message.fault = fault(error, message);
  } finally {
    clearInterval(waiting);
    delete message.wait;
    delete message.coming;
    const seconds = (performance.now() - first) / 1000;
    const tokens = message.usage?.completion_tokens ?? 0;
    if (first > 0 && tokens > 1 && seconds > 0) message.speed = (tokens - 1) / seconds;
    changed();
  }
}

/** What is kept of a failure; one that the server says will pass has a time at which the page asks again. */
function fault(error, message) {
  const seconds = Number(error.retryAfter);
  const counts = seconds > 0 && seconds <= LONGEST_COUNT && message.tries < TRIES && message.text === '' && !message.reasoning;
  return {status: error.status ?? 0, code: error.code ?? 'page', message: error.message, retryAfter: error.retryAfter,
    ...counts && {at: Date.now() + 1000 * seconds}};
}

/** Says while nothing comes how many wait, until the server tells the place in line: that of a worker elsewhere takes seconds. */
async function tellLine(message, model, changed) {
  const now = await line(model);
  if (message.text !== '') return;
  message.wait = now?.waiting > 0
      ? t('In line: at most {n} wait, yours among them; {m} are being answered.', {n: now.waiting, m: now.running})
      : now?.running > 0 ? t('The model reads the conversation…') : undefined;
  changed();
}
