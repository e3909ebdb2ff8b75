import { describe, expect, it } from '@jest/globals';
import { exceptionIn } from '#lib/carriers/http/thrift-answer.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the exception in an answer', () => {
  it.each([
    ['binary', hex('80010003 00000003 72756e 00000007 0b0001 00000006 6e6f2072756e 08000200000001 00')],
    ['compact', hex('82 61 07 03 72756e 18 06 6e6f2072756e 15 02 00')],
    ['JSON', Buffer.from('[1,"run",3,7,{"1":{"str":"no run"},"2":{"i32":1}}]')],
    [
      'binary, with the type before the text',
      hex('80010003 00000003 72756e 00000007 08000200000001 0b0001 00000006 6e6f2072756e 00'),
    ],
  ])('is found in the protocol %s', (_protocol, answer) => {
    expect(exceptionIn(answer)).toBe('"no run"');
  });

  it.each([
    ['an empty answer', Buffer.alloc(0)],
    ['a reply', hex('80010002 00000001 61 00000000 00')],
    ['half an exception', hex('80010003 00000001 61 00000000 0b0001 00')],
    ['text', Buffer.from('ok')],
  ])('is not found in %s', (_what, answer) => {
    expect(exceptionIn(answer)).toBeUndefined();
  });

  it('is found even without a text', () => {
    expect(exceptionIn(hex('80010003 00000001 61 00000000 08000200000001 00'))).toBe('an exception without a text');
  });
});
