import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Alpha, codecOf } from './harness.js';

const json = codecOf({ protocol: 'json' }, Alpha);

describe('a body of the JSON protocol, for any text', () => {
  it('writes every text without characters that SQS refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const call = { method: 'note', args: { note: { text, marks: undefined } } };
        const body = json.encodeBody(call, 'text') as string;
        expect(body).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(json.decode(body)).toEqual([{ service: 'Alpha', ...call }]);
      }),
      { numRuns: 500 },
    );
  });
});
