import { describe, expect, it } from '@jest/globals';
import { exceptionFor, exceptionIn } from '#lib/carriers/http/thrift-answer.js';
import { decodeUntyped } from '#lib/thrift/untyped/decode-untyped.js';

/** CALL and ONEWAY of `count()` with the sequence id 7. */
const CALL = Buffer.from('80010001 00000005 636f756e74 00000007 00'.replaceAll(' ', ''), 'hex');
const ONEWAY = Buffer.from('80010004 00000005 636f756e74 00000007 00'.replaceAll(' ', ''), 'hex');
const COMPACT_CALL = Buffer.from('82 21 07 05 636f756e74 00'.replaceAll(' ', ''), 'hex');
const JSON_CALL = Buffer.from('[1,"count",1,7,{}]');

describe('the answer to a call that waits for a result', () => {
  it.each([
    ['binary', CALL],
    ['compact', COMPACT_CALL],
    ['JSON', JSON_CALL],
  ])('is an exception in the protocol of the call, with its name and sequence id: %s', (_protocol, call) => {
    const answer = exceptionFor(call, 'Jobs.count is not oneway')!;
    const [message] = decodeUntyped(answer);
    expect(message).toMatchObject({ name: 'count', seqid: 7, type: 3 });
    expect(exceptionIn(answer)).toBe('"Jobs.count is not oneway"');
  });

  it.each([
    ['a oneway call', ONEWAY],
    ['half a call', CALL.subarray(0, 9)],
    ['bytes of no protocol', Buffer.from('AAAA')],
  ])('does not exist for %s', (_what, body) => {
    expect(exceptionFor(body, 'no')).toBeUndefined();
  });

  it.each([
    ['an empty answer', Buffer.alloc(0)],
    ['a reply', Buffer.from('80010002 00000001 61 00000000 00'.replaceAll(' ', ''), 'hex')],
    ['half an exception', Buffer.from('80010003 00000001 61 00000000 0b0001 00'.replaceAll(' ', ''), 'hex')],
    ['text', Buffer.from('ok')],
  ])('holds no exception if it is %s', (_what, answer) => {
    expect(exceptionIn(answer)).toBeUndefined();
  });

  it('holds an exception even without a text', () => {
    const answer = Buffer.from('80010003 00000001 61 00000000 08000200000001 00'.replaceAll(' ', ''), 'hex');
    expect(exceptionIn(answer)).toBe('an exception without a text');
  });
});
