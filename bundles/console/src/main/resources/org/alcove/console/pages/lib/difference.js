// What differs between two texts, word by word.

const MOST = 1500;

/** Pieces of both texts: {left: [{text, same}], right: [...]}. Longer texts than 1500 words count as different from there on. */
export function difference(left, right) {
  const a = words(left);
  const b = words(right);
  const common = longest(a.slice(0, MOST), b.slice(0, MOST));
  return {left: pieces(a, common.left), right: pieces(b, common.right)};
}

function words(text) {
  // Ideographs have no spaces between them: each counts as a word.
  return text.match(/\s+|\p{Script=Han}|[^\s\p{Script=Han}]+/gu) ?? [];
}

/** Places of the longest common subsequence, by dynamic programming from the end. */
function longest(a, b) {
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1] + 1
        : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const found = {left: new Set(), right: new Set()};
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      found.left.add(i++);
      found.right.add(j++);
    } else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) i++;
    else j++;
  }
  return found;
}

function pieces(all, same) {
  const list = [];
  all.forEach((text, i) => {
    const last = list.at(-1);
    if (last && last.same === same.has(i)) last.text += text;
    else list.push({text, same: same.has(i)});
  });
  return list;
}
