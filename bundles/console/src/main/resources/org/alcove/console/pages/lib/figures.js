// Spans of figures: many become one, as the server merges its own.

const LEVELS = ['prompt_tokens_per_second', 'answer_tokens_per_second', 'running', 'waiting', 'kv_blocks', 'kv_blocks_used', 'kv_bytes',
  'weight_bytes', 'memory_bytes', 'workers_ready'];
const COUNTS = ['requests', 'failed', 'first_tokens'];

/** Several spans, one after the other, as one: counts are added, levels and rates weigh as long as they lasted. */
export function merged(points) {
  const whole = {at: points.at(-1).at, seconds: sum(points, point => point.seconds)};
  for (const name of COUNTS) whole[name] = sum(points, point => point[name]);
  for (const name of LEVELS) whole[name] = sum(points, point => point[name] * point.seconds) / whole.seconds;
  const first = points.filter(point => point.first_tokens > 0);
  whole.first_token_ms = first.length === 0 ? null
    : sum(first, point => point.first_token_ms * point.first_tokens) / whole.first_tokens;
  whole.first_token_ms_max = first.length === 0 ? null : Math.max(...first.map(point => point.first_token_ms_max));
  return whole;
}

function sum(points, value) {
  return points.reduce((total, point) => total + value(point), 0);
}

/** Points of a time, to which seconds are added as they come; the last span grows until it is as long as the others. */
export function growing(points, minutes) {
  const length = Math.max(10, points.at(-2)?.seconds ?? 10);
  let open = [];
  return second => {
    open.push(second);
    const last = merged(open);
    const from = Date.parse(second.at) - 60_000 * minutes;
    while (points.length > 0 && Date.parse(points[0].at) < from) points.shift();
    const shown = [...points, last];
    if (last.seconds >= length - 0.5) {
      points.push(last);
      open = [];
    }
    return shown;
  };
}
