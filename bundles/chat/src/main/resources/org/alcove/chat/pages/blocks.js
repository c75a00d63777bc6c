// Where a growing Markdown text may be cut, so that what is before need never be rendered again. Plain values, no page.
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const ITEM = /^(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

/** A text longer than this may be cut between items of a list too. */
const LONG = 6000;

/** The length of what is settled: whole blocks whose meaning nothing that follows can change. */
export function settled(text) {
  let cut = 0;
  let at = 0;
  let fence = null;
  let math = false;
  let blank = false;
  let list = false;
  for (;;) {
    const end = text.indexOf('\n', at);
    const line = end < 0 ? text.slice(at) : text.slice(at, end);
    const mark = FENCE.exec(line);
    if (fence === null && !math && line.trim() !== '' && begins(line, blank, list, at - cut)) {
      cut = at;
      list = false;
    }
    if (end < 0) return cut;
    if (fence !== null) {
      if (mark && mark[1][0] === fence[0] && mark[1].length >= fence.length && mark[2].trim() === '') {
        fence = null;
        if (!list) cut = end + 1;
      }
    } else if (mark && !(mark[1][0] === '`' && mark[2].includes('`'))) {
      fence = mark[1];
    } else {
      const dollars = line.split('$$').length - 1;
      if (dollars % 2 === 1) math = !math;
      else if (/^\s*\\\[/.test(line) && !line.includes('\\]')) math = true;
      else if (math && line.includes('\\]')) math = false;
    }
    if (ITEM.test(line)) list = true;
    blank = line.trim() === '';
    at = end + 1;
  }
}

/** Whether a line begins a new block at the top: after a blank line, not indented, no further item of a list. */
function begins(line, blank, list, length) {
  if (/^\s/.test(line)) return false;
  if (ITEM.test(line)) return length > LONG || blank && !list;
  return blank && !(list && /^\d{0,9}$/.test(line)) && !(/^[-*+]$/.test(line));
}

/** A code block that is still being written: its language and the text so far, or null. */
export function openFence(text) {
  const first = text.indexOf('\n');
  const mark = first < 0 ? null : FENCE.exec(text.slice(0, first));
  if (!mark || mark[1][0] === '`' && mark[2].includes('`')) return null;
  return {language: mark[2].trim().split(/\s+/)[0], from: first + 1};
}
