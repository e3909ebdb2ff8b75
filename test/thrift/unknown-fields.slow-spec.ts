import { describe, it } from '@jest/globals';
import { PROTOCOLS } from '../vectors/protocols.js';
import { checkUnknownFields } from './check-unknown-fields.js';

describe.each(PROTOCOLS)('unknown fields in many values in %s', (protocol) => {
  it('agree with a slow check of every key, for any value of any schema', () => checkUnknownFields(protocol, 400));
});
