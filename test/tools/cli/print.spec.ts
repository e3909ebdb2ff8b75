import { describe, expect, it } from '@jest/globals';
import { OutputError, print } from '../../../lib/tools/cli/print.js';

describe('print', () => {
  it.each([
    ['of the JSON output', true],
    ['of the readable output', undefined],
  ])('rejects with an OutputError when the text %s exceeds the maximum string length', async (_, json) => {
    const tooLong = (): string => 'x'.repeat(2 ** 30);
    const printed = print(json, { toJSON: tooLong }, tooLong);
    await expect(printed).rejects.toThrow(OutputError);
    await expect(printed).rejects.toThrow(/^the output could not be written: Invalid string length$/);
  });

  it('creates only the output format that is printed', async () => {
    const fail = (what: string) => (): string => {
      throw new Error(what);
    };
    await expect(print(false, { toJSON: fail('value') }, fail('text'))).rejects.toThrow('text');
    await expect(print(true, { toJSON: fail('value') }, fail('text'))).rejects.toThrow('value');
  });
});
