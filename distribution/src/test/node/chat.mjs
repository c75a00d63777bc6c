// Talks to a running server with the openai client, as its documentation shows, and prints what it got as one JSON object.
// Usage: node chat.mjs BASE_URL MODEL
import OpenAI from 'openai';

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${baseURL}/v1`, apiKey: 'none', maxRetries: 0 });
const prompt = 'Once upon a time, there existed a little girl who liked to have adventures';
const result = {};

result.models = (await client.models.list()).data.map((card) => card.id);

const whole = await client.completions.create({ model, prompt, temperature: 0, max_tokens: 64 });
result.completion = { text: whole.choices[0].text, finish: whole.choices[0].finish_reason, usage: whole.usage };

let text = '';
let finish = null;
for await (const chunk of await client.completions.create({ model, prompt, temperature: 0, max_tokens: 64, stream: true })) {
  text += chunk.choices[0]?.text ?? '';
  finish = chunk.choices[0]?.finish_reason ?? finish;
}
result.streamedCompletion = { text, finish };

const messages = [{ role: 'user', content: prompt }];
const chat = await client.chat.completions.create({ model, messages, temperature: 0, max_tokens: 32 });
result.chat = { text: chat.choices[0].message.content, role: chat.choices[0].message.role };

let chatText = '';
let usage = null;
const stream = await client.chat.completions.create({
  model, messages, temperature: 0, max_tokens: 32, stream: true, stream_options: { include_usage: true },
});
for await (const chunk of stream) {
  chatText += chunk.choices[0]?.delta?.content ?? '';
  usage = chunk.usage ?? usage;
}
result.streamedChat = { text: chatText, usage };

try {
  await client.chat.completions.create({ model: 'no-such-model', messages });
} catch (error) {
  result.unknownModel = { status: error.status, code: error.code, type: error.type };
}

const controller = new AbortController();
const aborted = await client.completions.create({ model, prompt, max_tokens: 400, stream: true }, { signal: controller.signal });
for await (const chunk of aborted) {
  controller.abort();
  break;
}
result.aborted = true;

console.log(JSON.stringify(result));
