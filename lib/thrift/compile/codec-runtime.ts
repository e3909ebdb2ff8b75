import { mismatch } from '../type-names.js';
import { wrong } from '../checks.js';
import { compactTypeTag } from '../compact/compact-types.js';
import { putListHeader, putMapHeader, putVarint, putZigzag64 } from '../compact/varint.js';
import { within } from '../errors.js';
import { putI64 } from '../int64.js';
import * as readHelpers from './read-helpers.js';
import * as writeHelpers from './write-helpers.js';

/** Everything that emitted source may call, under the names it uses. */
export const codecRuntime = Object.freeze({
  ...readHelpers,
  ...writeHelpers,
  compactTypeTag,
  mismatch,
  putI64,
  putListHeader,
  putMapHeader,
  putVarint,
  putZigzag64,
  within,
  wrong,
});
