import { describe, expect, it } from '@jest/globals';
import { Alpha, Beta, alpha, base64, both, codecOf, header, message, plain, refusal } from './harness.js';

const ping = { service: 'Alpha', method: 'ping', args: { n: 7 } };

describe('the calls of a body', () => {
  it('decodes several messages back to back in one body', () => {
    const body = base64(message('ping', 1), message('shared', 2), message('ping', 3));
    expect(plain(alpha.decode(body))).toEqual([
      { service: 'Alpha', method: 'ping', args: { n: 1 } },
      { service: 'Alpha', method: 'shared', args: { n: 2 } },
      { service: 'Alpha', method: 'ping', args: { n: 3 } },
    ]);
  });

  it('refuses all calls of a body when one call is invalid and names the position of the call', () => {
    const { reason, detail } = refusal(base64(message('ping', 1), message('ping', 2).subarray(0, -1)));
    expect([reason, detail]).toEqual(['truncated', expect.stringContaining('(in call 2 of the body)')]);
    expect(refusal(base64(message('ping', 1), message('nope', 2))).reason).toBe('unknown-method');
  });

  it.each([
    ['a zero byte', Buffer.from([0]), 'truncated'],
    ['the begin of a version', Buffer.from([0x80, 1]), 'truncated'],
    ['a line break', Buffer.from('\n'), 'truncated'],
    ['text', Buffer.from('and more of it'), 'bad-header'],
    ['half a megabyte of zeros', Buffer.alloc(500_000), 'bad-header'],
  ])('refuses a body with %s behind the last message', (_, tail, reason) => {
    const refused = refusal(base64(message('ping', 1), tail));
    expect([refused.reason, refused.detail]).toEqual([reason, expect.stringContaining('in call 2 of the body')]);
  });

  it.each([
    ['of one argument', base64(message('ping', 7))],
    ['of a struct', base64(alpha.encode({ method: 'note', args: { note: { text: 'x', marks: [1, 2] } } }))],
    ['of two calls', base64(message('ping', 1), message('ping', 2))],
  ])('refuses every truncation of a body %s', (_, body) => {
    const bytes = Buffer.from(body, 'base64');
    const whole = message('ping', 1).length;
    for (let length = 0; length < bytes.length; length += 1) {
      if (_ === 'of two calls' && length === whole) continue;
      const { reason } = refusal(base64(bytes.subarray(0, length)));
      expect([length, reason]).toEqual([length, length === 0 ? 'empty' : 'truncated']);
    }
  });

  it('accepts every sequence id', () => {
    for (const seqid of [1, -1, 2 ** 31 - 1]) {
      expect(plain(alpha.decode(base64(header('ping', 4, seqid), message('', 7).subarray(12))))).toEqual([ping]);
    }
  });

  it('refuses a call without a required field', () => {
    const empty = Buffer.from([0x0c, 0, 1, 0, 0]);
    expect(refusal(base64(header('note'), empty)).reason).toBe('missing-required');
  });

  it('refuses a call with a field type that differs from the IDL', () => {
    expect(refusal(base64(header('ping'), Buffer.from([0x0a, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0]))).reason).toBe(
      'type-mismatch',
    );
  });
});

describe('the type of a message', () => {
  const ACCEPTED = new Map([
    [1, 'CALL'],
    [4, 'ONEWAY'],
  ]);

  it.each(Array.from({ length: 256 }, (_, type) => [type]))(
    'accepts message type %d only for CALL and ONEWAY',
    (type) => {
      const body = base64(message('ping', 7, type));
      if (ACCEPTED.has(type)) return expect(plain(alpha.decode(body))).toEqual([ping]);
      const { reason, detail } = refusal(body);
      expect([reason, detail]).toEqual(['wrong-message-type', `message type ${type} is neither ONEWAY nor CALL`]);
    },
  );

  it('refuses a method that is not oneway with either accepted message type', () => {
    for (const type of [1, 4]) {
      const { reason, detail } = refusal(base64(message('ask', 7, type)));
      expect([reason, detail]).toEqual(['wrong-message-type', 'Alpha.ask is not oneway']);
    }
  });
});

describe('the name of a message', () => {
  it('reads a service name before the method name', () => {
    expect(plain(alpha.decode(base64(message('Alpha:ping', 7))))).toEqual([ping]);
    expect(plain(both.decode(base64(message('Beta:shared', 7))))).toEqual([
      { service: 'Beta', method: 'shared', args: { n: 7 } },
    ]);
  });

  it('finds a method without a service name when only one service has the method', () => {
    expect(plain(both.decode(base64(message('ping', 7), message('pong', 8))))).toEqual([
      ping,
      { service: 'Beta', method: 'pong', args: { n: 8 } },
    ]);
  });

  it('requires a service name when several services have the method', () => {
    expect(refusal(base64(message('shared', 7)), both)).toMatchObject({
      reason: 'unknown-service',
      detail: expect.stringContaining('Alpha and Beta') as unknown,
    });
  });

  it.each([
    ['Nope:ping', 'unknown-service'],
    [':ping', 'unknown-service'],
    ['__proto__:ping', 'unknown-service'],
    ['constructor:ping', 'unknown-service'],
    ['alpha:ping', 'unknown-service'],
    ['Beta:ping', 'unknown-service'],
    ['Alpha:', 'unknown-method'],
    ['Alpha:ping:x', 'unknown-method'],
    ['a:b:c', 'unknown-service'],
    ['Alpha:Alpha:ping', 'unknown-method'],
    ['Alpha:__proto__', 'unknown-method'],
    ['', 'unknown-method'],
    ['__proto__', 'unknown-method'],
    ['constructor', 'unknown-method'],
    ['toString', 'unknown-method'],
    ['hasOwnProperty', 'unknown-method'],
    ['Ping', 'unknown-method'],
    ['ping ', 'unknown-method'],
    ['ping\0', 'unknown-method'],
    ['pong', 'unknown-method'],
  ])('refuses the message name %p', (name, reason) => {
    expect(refusal(base64(message(name, 7))).reason).toBe(reason);
  });

  it.each(['', 'Alpha:', 'N'])('cuts a megabyte name behind the prefix %p in the refusal', (prefix) => {
    const { detail } = refusal(message(prefix + 'x'.repeat(1_000_000), 7));
    expect(detail.length).toBeLessThan(220);
    expect(detail).toContain('x'.repeat(100));
  });

  it('escapes control characters of a name in the refusal', () => {
    const { detail, message: text } = refusal(base64(message('a\r\nFAKE\u001b[31m\u0085\u2028\u202e"\u009b', 7)));
    expect(detail).toContain('"a\\r\\nFAKE\\u001b[31m\\u0085\\u2028\\u202e\\"\\u009b"');
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
  });

  it('refuses a name that is not UTF-8', () => {
    const bytes = message('ping', 7);
    bytes[8] = 0xff;
    expect(refusal(base64(bytes)).reason).toBe('invalid-utf8');
  });

  it('finds a method by its name with and without the option multiplexed', () => {
    for (const multiplexed of [true, false]) {
      const codec = codecOf({ multiplexed }, Alpha, Beta);
      expect(plain(codec.decode(base64(message('Alpha:ping', 7))))).toEqual([ping]);
      expect(plain(codec.decode(base64(message('ping', 7))))).toEqual([ping]);
    }
  });
});
