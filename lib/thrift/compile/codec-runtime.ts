import { mismatch } from '../type-names.js';
import { wrong } from '../checks.js';
import { within } from '../errors.js';
import { putI64 } from '../int64.js';
import * as readHelpers from './read-helpers.js';
import * as writeHelpers from './write-helpers.js';

/** Everything that emitted source may call, under the names it uses. */
export const codecRuntime = Object.freeze({ ...readHelpers, ...writeHelpers, mismatch, putI64, within, wrong });
