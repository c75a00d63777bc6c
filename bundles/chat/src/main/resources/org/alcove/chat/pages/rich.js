// Code with colours and a button to copy, and formulas. The two libraries are fetched when a page first needs them.
import DOMPurify from './vendor/purify.es.mjs';
import {button, h, say} from './shared/dom.js';
import {t} from './text.js';

/** Colouring more than this would hold up the page. */
const LONGEST_COLOURED = 20_000;
const LONGEST_FORMULA = 5000;

const LIBRARIES = {hljs: '/chat/vendor/highlight.min.js', katex: '/chat/vendor/katex.min.js'};
const policy = globalThis.trustedTypes?.createPolicy('alcove-vendor', {
  createScriptURL(url) {
    if (!Object.values(LIBRARIES).includes(url)) throw new TypeError('not one of the libraries: ' + url);
    return url;
  }
});
const loading = {};

/** The library of that name, once it is there. */
function library(name) {
  loading[name] ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = policy ? policy.createScriptURL(LIBRARIES[name]) : LIBRARIES[name];
    script.onload = () => resolve(globalThis[name]);
    script.onerror = () => {
      delete loading[name];
      reject(new Error(LIBRARIES[name] + ' was not loaded'));
    };
    document.head.append(script);
  });
  return loading[name];
}

/** Dresses a block of code; a complete one gets colours. */
export function codeBlock(pre, language, complete) {
  const code = pre.querySelector('code');
  const label = /^[\w+#.-]{1,30}$/.test(language) ? language : '';
  const figure = h('figure', {class: 'code'}, h('figcaption', {}, h('span', {}, label),
      button(t('Copy'), () => copy(code.textContent), {class: 'quiet', 'aria-label': t('Copy code')})));
  pre.tabIndex = 0;
  pre.dir = 'ltr';
  pre.replaceWith(figure);
  figure.append(pre);
  if (complete && label !== '' && code.textContent.length <= LONGEST_COLOURED) colour(code, label.toLowerCase());
}

async function colour(code, language) {
  try {
    const hljs = await library('hljs');
    if (!hljs.getLanguage(language)) return;
    const html = hljs.highlight(code.textContent, {language, ignoreIllegals: true}).value;
    code.replaceChildren(DOMPurify.sanitize(html, {ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class'], RETURN_DOM_FRAGMENT: true}));
  } catch (error) {
    console.warn('Code stays without colours:', error.message);
  }
}

/** A formula as MathML, which needs no style and no font of ours; what is no formula stays as it was written. */
export async function renderMath(element) {
  const source = element.textContent;
  if (source.length > LONGEST_FORMULA) return;
  try {
    const katex = await library('katex');
    const wide = element.classList.contains('wide');
    katex.render(source, element, {output: 'mathml', displayMode: wide, throwOnError: true, trust: false, maxExpand: 200,
      maxSize: 20, strict: 'ignore'});
  } catch (error) {
    element.textContent = source;
    element.classList.add('unread');
    element.title = error.message;
  }
}

/** Puts a text on the clipboard. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(t('Copied.'));
  } catch {
    say(t('The browser does not let this page use the clipboard.'), 'bad');
  }
}
