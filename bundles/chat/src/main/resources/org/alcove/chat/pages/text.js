// The words of this page.
import {translator} from './shared/words.js';
import {chinese} from './zh.js';

export const t = translator(chinese);
