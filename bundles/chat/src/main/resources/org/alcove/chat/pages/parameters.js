// How an answer is chosen: the fields of the protocol, their limits and what the server takes where nothing is sent.

/** Numbers: [field, label, help, default of the server, least, most, step]. The defaults are those of docs/api.md; a model may have others. */
export const NUMBERS = [
  ['temperature', 'Temperature', 'How freely words are chosen. 0 always takes the likeliest.', 1, 0, 2, 0.05],
  ['top_p', 'Top p', 'Only the likeliest words that together have this probability.', 1, 0, 1, 0.01],
  ['top_k', 'Top k', 'Only this many of the likeliest words; 0 for all.', 0, -1, 1000000, 1],
  ['min_p', 'Min p', 'Only words at least this likely, compared with the likeliest.', 0, 0, 1, 0.01],
  ['frequency_penalty', 'Frequency penalty', 'Makes words rarer the more often they were written.', 0, -2, 2, 0.1],
  ['presence_penalty', 'Presence penalty', 'Makes words rarer once they were written.', 0, -2, 2, 0.1],
  ['repetition_penalty', 'Repetition penalty', 'Divides the likelihood of words already in the text; 1 changes nothing.', 1, 0.01, 10, 0.01],
  ['max_completion_tokens', 'Most tokens', 'The longest answer.', 'what the context has room for', 1, 10000000, 1],
  ['min_tokens', 'Least tokens', 'No end before that many.', 0, 0, 10000000, 1],
  ['seed', 'Seed', 'The same seed gives the same answer to the same conversation.', 'a new one each time', -9007199254740991,
    9007199254740991, 1]
];

/** Choices: [field, label, help, values]. */
export const CHOICES = [
  ['reasoning_effort', 'Reasoning effort', 'For models whose template knows it.',
    ['', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']],
  ['enable_thinking', 'Thinking', 'For models whose template knows it.', ['', 'on', 'off']]
];

/** Typed values as fields of a request; an empty one is not sent, so that the server's default holds. */
export function fields(typed) {
  const sent = {};
  for (const [name] of NUMBERS) {
    const text = String(typed[name] ?? '').trim();
    if (text !== '' && Number.isFinite(Number(text))) sent[name] = Number(text);
  }
  if (typed.reasoning_effort) sent.reasoning_effort = typed.reasoning_effort;
  if (typed.enable_thinking) sent.chat_template_kwargs = {enable_thinking: typed.enable_thinking === 'on'};
  const stop = String(typed.stop ?? '').split('\n').filter(line => line !== '');
  if (stop.length > 0) sent.stop = stop;
  return sent;
}
