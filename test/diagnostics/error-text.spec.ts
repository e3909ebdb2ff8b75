import { describe, expect, it } from '@jest/globals';
import { messageOf, stackOf } from '#lib/diagnostics/error-text.js';

/** Texts that a sender may let an error quote, and what is left of them. */
const LONG: readonly [name: string, text: string, begin: string][] = [
  ['control characters', '\u0007'.repeat(1_000_000), '\\u0007\\u0007'],
  ['line separators', '\u2028'.repeat(1_000_000), '\\u2028'],
  ['plain text', 'x'.repeat(1_000_000), 'xxx'],
  ['lone surrogates', '\ud800'.repeat(1_000_000), '\ud800'],
  ['emoji', '\u{1f600}'.repeat(500_000), '\u{1f600}'],
];

describe('the text of an error', () => {
  it.each(LONG)('is cut to 1 000 characters in one line: %s', (_name, text, begin) => {
    for (const error of [text, new Error(text), { message: text }, new AggregateError([new Error(text)])]) {
      const line = messageOf(error);
      expect(line.startsWith(begin)).toBe(true);
      expect(line.length).toBeLessThanOrEqual(1_000);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
    for (const line of stackOf(new Error(text))!.split('\n')) expect(line.length).toBeLessThanOrEqual(1_000);
  });

  it('keeps the frames behind a long message', () => {
    const stack = stackOf(new Error('x\n    at forged'.repeat(100_000)))!.split('\n');
    expect(stack.length).toBeGreaterThan(2);
    for (const frame of stack.slice(1)) expect(frame).toMatch(/^ +at (?!forged)/);
  });

  it('joins the texts of several errors, and those inside of them as far as the line goes', () => {
    expect(messageOf(new AggregateError([new Error('a'), 'b', new AggregateError([new Error('c')])]))).toBe('a; b; c');
    const deep = (levels: number): Error =>
      levels === 0 ? new Error('end') : new AggregateError(Array.from({ length: 5 }, () => deep(levels - 1)));
    expect(messageOf(deep(4))).toMatch(/^further errors; further errors/);
  });

  it('ends if an error contains itself', () => {
    const circle = new AggregateError([]);
    circle.errors.push(circle, circle, new Error('last'));
    expect(messageOf(circle)).toMatch(/^further errors; further errors; last; /);
  });

  it('stands for an error that throws when somebody looks at it', () => {
    const hostile = new Proxy(new Error('x'), {
      get() {
        throw new Error('no');
      },
    });
    expect(messageOf(hostile)).toBe('an error that cannot be read');
    expect(messageOf(new AggregateError([hostile, new Error('b')]))).toBe('an error that cannot be read; b');
  });
});
