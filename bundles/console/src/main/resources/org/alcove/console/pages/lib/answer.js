// One answer of the chat protocol, read as it comes, with its clock.
import {t} from './words.js';

/**
 * Streams an answer.
 *
 * @param request body of /v1/chat/completions
 * @param key an API key, or empty
 * @param write is told each piece of text
 * @return {firstMs, seconds, tokens, promptTokens, speed, fingerprint, reason}
 */
export async function answer(request, key, signal, write) {
  const started = performance.now();
  const headers = {'Content-Type': 'application/json'};
  if (key) headers.Authorization = 'Bearer ' + key;
  const response = await fetch('/v1/chat/completions', {method: 'POST', headers, signal,
    body: JSON.stringify({...request, stream: true, stream_options: {include_usage: true}})});
  if (!response.ok) throw new Error(await reason(response));
  const figures = {firstMs: null, tokens: 0, promptTokens: 0};
  for await (const event of events(response.body)) take(event, figures, started, write);
  figures.seconds = (performance.now() - started) / 1000;
  const writing = figures.seconds - (figures.firstMs ?? 0) / 1000;
  // The first token belongs to the reading of the prompt.
  figures.speed = figures.tokens > 1 && writing > 0 ? (figures.tokens - 1) / writing : null;
  return figures;
}

function take(event, figures, started, write) {
  if (event.error) throw new Error(event.error.message);
  const choice = event.choices?.[0];
  const text = choice?.delta?.content;
  if (text) {
    figures.firstMs ??= performance.now() - started;
    write(text);
  }
  figures.reason = choice?.finish_reason ?? figures.reason;
  figures.fingerprint = event.system_fingerprint ?? figures.fingerprint;
  figures.tokens = event.usage?.completion_tokens ?? figures.tokens;
  figures.promptTokens = event.usage?.prompt_tokens ?? figures.promptTokens;
}

async function* events(body) {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    rest += decoder.decode(chunk, {stream: true});
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const data = line.startsWith('data:') ? line.slice(5).trim() : '';
      if (data !== '' && data !== '[DONE]') yield JSON.parse(data);
    }
  }
}

async function reason(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return t('The server answered {status} without a reason.', {status: response.status});
  }
}
