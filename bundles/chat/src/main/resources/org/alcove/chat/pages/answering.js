// One answer on its way: from the request to the last piece, with its times.
import {answer, line} from './api.js';
import {t} from './text.js';

const LINE_MS = 1000;

/** Lets a model answer into a message; calls changed after each piece. Ends when the answer does, never throws. */
export async function run(message, body, signal, changed) {
  const began = performance.now();
  let first = 0;
  const waiting = watchLine(message, body.model, changed);
  const placed = place => {
    clearInterval(waiting);
    message.wait = place > 0 ? t('Place {n} in line.', {n: place}) : t('The model reads the conversation…');
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
    }, placed);
  } catch (error) {
    if (error.name === 'AbortError') message.stopped = true;
    else message.fault = {status: error.status ?? 0, code: error.code ?? 'page', message: error.message, retryAfter: error.retryAfter};
  } finally {
    clearInterval(waiting);
    delete message.wait;
    const seconds = (performance.now() - first) / 1000;
    const tokens = message.usage?.completion_tokens ?? 0;
    if (first > 0 && tokens > 1 && seconds > 0) message.speed = (tokens - 1) / seconds;
    changed();
  }
}

/** Says while nothing comes how many wait: a worker in another process does not tell the place in its line. */
function watchLine(message, model, changed) {
  return setInterval(async () => {
    const now = await line(model);
    if (message.text !== '' || now === null) return;
    message.wait = now.waiting > 0
        ? t('In line: at most {n} wait, yours among them; {m} are being answered.', {n: now.waiting, m: now.running})
        : now.running > 0 ? t('The model reads the conversation…') : undefined;
    changed();
  }, LINE_MS);
}
