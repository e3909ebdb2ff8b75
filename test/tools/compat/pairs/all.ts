import type { IdlPair } from '../pair.js';
import { ENUMS } from './enums.js';
import { FIELDS } from './fields.js';
import { ROUTING } from './routing.js';
import { SERVICES } from './services.js';
import { TYPES } from './types.js';
import { UNIONS } from './unions.js';

/** Every pair written by hand, by what changes. */
export const PAIRS: Readonly<Record<string, readonly IdlPair[]>> = {
  fields: FIELDS,
  types: TYPES,
  enums: ENUMS,
  unions: UNIONS,
  services: SERVICES,
  routing: ROUTING,
};
