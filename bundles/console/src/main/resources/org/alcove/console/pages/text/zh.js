// Chinese, by the English text; each area of the console has a file of its own.
import {common} from './zh/common.js';
import {running} from './zh/running.js';
import {models} from './zh/models.js';
import {plugins} from './zh/plugins.js';
import {people} from './zh/people.js';
import {server} from './zh/server.js';

export const chinese = {...common, ...running, ...models, ...plugins, ...people, ...server};
