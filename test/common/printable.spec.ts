import { describe, expect, it } from '@jest/globals';
import { printable } from '#lib/common/printable.js';

describe('a name from outside in an error', () => {
  it.each([
    ['startBackup', '"startBackup"'],
    ['a"b', '"a\\"b"'],
    ['a\n[ERROR] b', '"a\\n[ERROR] b"'],
    ['a\u001b[31mb', '"a\\u001b[31mb"'],
    ['a\u202eb\u2028c\u200bd', '"a\\u202eb\\u2028c\\u200bd"'],
    ['\u{e0041}', '"\\ue0041"'],
    ['\ud800', '"\\ud800"'],
  ])('is escaped: %j', (name, shown) => {
    expect(printable(name)).toBe(shown);
  });

  it('is cut to 128 characters, or as told', () => {
    expect(printable('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(128)}…"`);
    expect(printable('abcdef', 3)).toBe('"abc…"');
  });
});
