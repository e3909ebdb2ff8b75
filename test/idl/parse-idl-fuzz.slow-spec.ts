import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { IdlError } from '../../lib/idl/errors.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { fixture } from './support.js';

const read = (name: string): string => readFileSync(fixture(name), 'utf8');
const SINK = read('kitchen-sink.thrift');
const INCLUDES = {
  'shared/base.thrift': read('shared/base.thrift'),
  'shared/units/units.thrift': read('shared/units/units.thrift'),
};
const TOKENS = SINK.match(/\w+|\s+|[^\w\s]/g) ?? [];

/** One edit of a list of tokens: remove, replace, insert or repeat. */
const edit = fc.record({
  at: fc.nat(TOKENS.length - 1),
  kind: fc.constantFrom('remove', 'replace', 'insert', 'repeat'),
  token: fc.oneof(
    fc.constantFrom(...TOKENS),
    fc.string({ maxLength: 3 }),
    fc.constantFrom('\0', '\\', '"', '/*', '\uD800'),
  ),
});

const mutated = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
  const tokens = [...TOKENS];
  for (const { at, kind, token } of edits) {
    const current = tokens[at] ?? '';
    tokens[at] =
      { remove: '', replace: token, insert: `${token} ${current}`, repeat: `${current} ${current}` }[kind] ?? '';
  }
  return tokens.join('');
});

const cut = fc.nat(SINK.length).map((end) => SINK.slice(0, end));

/** The place of the error an IDL causes, or undefined; throws what is not an IdlError. */
function verdict(text: string): IdlError | undefined {
  try {
    loadSchemaFromText(text, { fileName: 'kitchen-sink.thrift', includes: INCLUDES });
    return undefined;
  } catch (error) {
    if (error instanceof IdlError) return error;
    throw error;
  }
}

describe('damaged IDL', () => {
  it('accepts the undamaged IDL', () => {
    expect(verdict(SINK)).toBeUndefined();
  });

  // fast-check prints the seed and the shrunk text of a failure.
  it('throws only IdlErrors with a position in the text for a damaged IDL', () => {
    const seen = { good: 0, bad: 0 };
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: mutated }, { weight: 1, arbitrary: cut }), (text) => {
        const error = verdict(text);
        seen[error === undefined ? 'good' : 'bad'] += 1;
        if (error === undefined) return;
        const line = text.split('\n')[(error.line ?? 0) - 1];
        expect(line).toBeDefined();
        expect(error.column).toBeGreaterThanOrEqual(1);
        expect(error.column).toBeLessThanOrEqual((line ?? '').length + 1);
        expect(error.message.startsWith(`kitchen-sink.thrift:${error.line}:${error.column}: `)).toBe(true);
      }),
      { numRuns: 1500 },
    );
    expect(seen.good).toBeGreaterThan(0);
    expect(seen.bad).toBeGreaterThan(500);
  });
});
