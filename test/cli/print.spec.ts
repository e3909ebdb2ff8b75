import { describe, expect, it } from '@jest/globals';
import { OutputError, print } from '../../lib/tools/cli/print.js';

describe('print', () => {
  it.each([
    ['of a value', true],
    ['for people', undefined],
  ])('tells as any other failure of output that text %s is longer than text can be', async (_, json) => {
    const tooLong = (): string => 'x'.repeat(2 ** 30);
    const printed = print(json, { toJSON: tooLong }, tooLong);
    await expect(printed).rejects.toThrow(OutputError);
    await expect(printed).rejects.toThrow(/^the output could not be written: Invalid string length$/);
  });

  it('makes text only where it is printed', async () => {
    const fail = (what: string) => (): string => {
      throw new Error(what);
    };
    await expect(print(false, { toJSON: fail('value') }, fail('text'))).rejects.toThrow('text');
    await expect(print(true, { toJSON: fail('value') }, fail('text'))).rejects.toThrow('value');
  });
});
