// Reads a stream of server-sent events piece by piece. Plain values, no page.

/** Makes a function that takes pieces of text and gives the data of the events they complete; comments go to a function. */
export function eventReader(remark = () => undefined) {
  let rest = '';
  let data = [];
  return piece => {
    const events = [];
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push(data.join('\n'));
        data = [];
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5));
      } else if (line.startsWith(':')) {
        remark(line.slice(1).trim());
      }
    }
    return events;
  };
}
