// Shows Markdown that may still be growing. What is settled is rendered once; only the last block is rendered again, at most once
// for each frame of the screen. Nothing in the text becomes markup except through the sanitizer.
import {Marked} from './vendor/marked.esm.js';
import DOMPurify from './vendor/purify.es.mjs';
import {openFence, settled} from './blocks.js';
import {codeBlock, renderMath} from './rich.js';

/** Characters taken in for each frame: a long text fills in over some frames instead of holding up one. */
const PIECE = 8192;
/** A single block longer than this is shown as it is: taking it apart would hold up the page. */
const LARGEST = 24_000;

const escape = text => text.replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');

const math = (name, level, pattern, start) => ({
  name, level, start,
  tokenizer(source) {
    const match = pattern.exec(source);
    if (match) return {type: name, raw: match[0], text: match[1] ?? match[2] ?? match[3] ?? match[4], wide: /^\s*(\$\$|\\\[)/.test(match[0])};
  },
  renderer: token => '<span class="math' + (token.wide ? ' wide' : '') + '">' + escape(token.text) + '</span>'
});

const marked = new Marked({
  gfm: true,
  extensions: [
    math('mathBlock', 'block', /^ {0,3}(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[ \t]*(?:\n|$)/),
    math('mathSpan', 'inline',
        /^(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|\$(?!\s)((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d))/,
        source => { const at = source.search(/\$|\\[([]/); return at < 0 ? undefined : at; })
  ],
  renderer: {
    html: token => escape(token.text),
    // Pictures of other hosts would tell them who reads; their address is shown as a link instead.
    image: token => '<a href="' + escape(token.href) + '">' + escape(token.text || token.href) + '</a>',
    checkbox: token => token.checked ? '☑ ' : '☐ ',
    code: token => '<pre><code class="' + escape('language-' + (token.lang ?? '').split(/\s/)[0]) + '">' + escape(token.text)
        + '</code></pre>'
  }
});

const CLEAN = {
  ALLOWED_TAGS: ['a', 'b', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'li', 'ol', 'p',
    'pre', 'span', 'strong', 'sub', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'],
  ALLOWED_ATTR: ['href', 'class', 'start', 'align', 'title'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ALLOW_DATA_ATTR: false, ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true
};

DOMPurify.addHook('afterSanitizeAttributes', node => {
  if (node.nodeName === 'A') {
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer nofollow');
  }
});

/** How a definition is called, whatever the case and the space in it. */
const label = text => text.toLowerCase().replace(/\s+/g, ' ');

/** Markdown as HTML, not yet safe. Definitions of links are looked up in those given, and added to them. */
function markup(source, links) {
  const lexer = new marked.Lexer({...marked.defaults});
  lexer.tokens.links = links;
  return marked.parser(lexer.lex(source));
}

/** A piece of Markdown as nodes. */
function render(source, links) {
  if (source.length > LARGEST && openFence(source) === null) {
    const plain = document.createElement('p');
    plain.className = 'plain';
    plain.textContent = source;
    return [plain];
  }
  const fragment = DOMPurify.sanitize(markup(source, links), CLEAN);
  for (const child of fragment.children) child.dir = 'auto';
  for (const code of fragment.querySelectorAll('pre > code')) {
    codeBlock(code.parentElement, code.className.replace(/^language-/, ''), true);
  }
  for (const element of fragment.querySelectorAll('.math')) renderMath(element);
  for (const table of fragment.querySelectorAll('table')) {
    const scroll = document.createElement('div');
    scroll.className = 'scroll';
    scroll.tabIndex = 0;
    table.replaceWith(scroll);
    scroll.append(table);
  }
  return [...fragment.childNodes];
}

/** Shows one text in an element. */
export class MarkdownView {
  #place;
  #last = document.createElement('div');
  #text = '';
  #taken = 0;
  #tail = '';
  #complete = false;
  #planned = false;
  #notBefore = 0;
  #code = null;
  /** Definitions of links, of the whole text: they hold wherever they stand. */
  #links = Object.create(null);
  /** Settled blocks with what may be a link whose definition is still to come: {source, nodes, labels}. */
  #waiting = [];

  constructor(place) {
    this.#place = place;
    place.append(this.#last);
  }

  /** Shows what there is so far; each text begins with the one before. */
  show(text, complete) {
    this.#text = text;
    this.#complete = complete;
    this.#plan();
  }

  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    requestAnimationFrame(now => {
      this.#planned = false;
      if (!this.#complete && now < this.#notBefore) return this.#plan();
      const began = performance.now();
      this.#step();
      // What took long is not done again at once, so that the page stays free for the reader.
      this.#notBefore = now + 3 * (performance.now() - began);
    });
  }

  #step() {
    const piece = this.#text.slice(this.#taken, this.#taken + PIECE);
    this.#taken += piece.length;
    this.#tail += piece;
    const all = this.#taken === this.#text.length;
    if (this.#code === null || this.#tail.includes('\n')) {
      const cut = all && this.#complete ? this.#tail.length : settled(this.#tail);
      if (cut > 0) {
        this.#settle(this.#tail.slice(0, cut));
        this.#tail = this.#tail.slice(cut);
        this.#code = null;
        this.#last.replaceChildren();
      }
    }
    this.#showTail();
    if (all && this.#complete) this.#resolve();
    if (!all || this.#complete && this.#waiting.length > 0) this.#plan();
    else if (this.#complete) this.#place.dispatchEvent(new CustomEvent('shown', {bubbles: true}));
  }

  #settle(source) {
    const nodes = render(source, this.#links);
    this.#last.before(...nodes);
    const labels = [...source.matchAll(/\[([^[\]]+)\]/g)].map(match => label(match[1])).filter(it => !(it in this.#links));
    if (labels.length > 0 && nodes.length > 0) this.#waiting.push({source, nodes, labels});
  }

  /** Renders blocks again whose definitions came after them, not more than a piece at a time. */
  #resolve() {
    let rendered = 0;
    while (this.#waiting.length > 0 && rendered < PIECE) {
      const {source, nodes, labels} = this.#waiting.shift();
      if (!labels.some(it => it in this.#links)) continue;
      rendered += source.length;
      nodes[0].before(...render(source, this.#links));
      for (const node of nodes) node.remove();
    }
  }

  /** The last block. Code only grows; anything else is rendered anew. */
  #showTail() {
    const fence = openFence(this.#tail);
    if (fence === null) {
      this.#code = null;
      // A definition that is still being written is none yet.
      this.#last.replaceChildren(...(this.#tail.trim() === '' ? [] : render(this.#tail, Object.create(this.#links))));
      return;
    }
    if (this.#code === null) {
      const pre = document.createElement('pre');
      this.#code = {text: document.createTextNode(''), length: 0};
      const code = document.createElement('code');
      code.append(this.#code.text);
      pre.append(code);
      this.#last.replaceChildren(pre);
      codeBlock(pre, fence.language, false);
    }
    const code = this.#tail.slice(fence.from);
    this.#code.text.appendData(code.slice(this.#code.length));
    this.#code.length = code.length;
  }
}
