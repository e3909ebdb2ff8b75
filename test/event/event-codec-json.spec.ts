import { describe, expect, it } from '@jest/globals';
import { resolvePublishOptions } from '../../lib/publish/publish-options.js';
import { Publisher } from '../../lib/publish/publisher.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { Alpha, alpha, base64, Beta, codecOf, message, plain, refusal } from './harness.js';

const json = codecOf({ protocol: 'json' }, Alpha);
const NOTE = { method: 'note', args: { note: { text: 'ü "quoted"\u0001\n', marks: [1, -2] } } };
const BODY = '[1,"note",4,0,{"1":{"rec":{"1":{"str":"ü \\"quoted\\"\\u0001\\n"},"2":{"lst":["i32",2,1,-2]}}}}]';

describe('a body of the JSON protocol', () => {
  it('encodes a call as JSON text, or as UTF-8 bytes where the queue takes bytes', () => {
    expect(json.encodeBody(NOTE, 'text')).toBe(BODY);
    expect(json.encodeBody(NOTE, 'bytes')).toEqual(Buffer.from(BODY));
    expect(json.encode(NOTE)).toEqual(Buffer.from(BODY));
  });

  it('writes the service name with the option multiplexed', () => {
    const both = codecOf({ protocol: 'json', multiplexed: true }, Alpha, Beta);
    expect(both.encodeBody({ method: 'pong', args: { n: 1 } }, 'text')).toBe('[1,"Beta:pong",4,0,{"1":{"i32":1}}]');
  });

  it.each<[string, string | Uint8Array]>([
    ['as text', BODY],
    ['as bytes', Buffer.from(BODY)],
    ['with blanks around it', `\r\n\t ${BODY}\n`],
    ['as bytes with blanks around them', Buffer.from(`\r\n\t ${BODY}\n`)],
    // A producer that encodes whatever its transport holds.
    ['in base64', base64(Buffer.from(BODY))],
  ])('reads a JSON body %s with any configured protocol', (_name, body) => {
    for (const codec of [alpha, json]) {
      expect(codec.decode(body)).toEqual([{ service: 'Alpha', ...NOTE }]);
    }
  });

  it('reads several calls from one JSON body', () => {
    const ping = (n: number): string => `[1,"ping",1,${n},{"1":{"i32":${n}}}]`;
    expect(plain(alpha.decode(`${ping(1)}${ping(2)}\n${ping(3)}`))).toEqual(
      [1, 2, 3].map((n) => ({ service: 'Alpha', method: 'ping', args: { n } })),
    );
  });

  it('reads other protocols with a JSON codec', () => {
    expect(plain(json.decode(base64(message('ping', 7))))).toEqual([
      { service: 'Alpha', method: 'ping', args: { n: 7 } },
    ]);
  });

  it.each([
    ['a list that is no message', '[]', 'bad-header'],
    ['a version that is not 1', '[2,"ping",4,0,{}]', 'bad-header'],
    ['text behind it', `${BODY}x`, 'bad-header'],
    ['base64 behind it', `${BODY}QUJD`, 'bad-header'],
    ['an end too early', BODY.slice(0, -1), 'truncated'],
    ['an unknown method', '[1,"__proto__",4,0,{}]', 'unknown-method'],
    ['an unknown service', '[1,"constructor:ping",4,0,{}]', 'unknown-service'],
    ['type REPLY', '[1,"ping",2,0,{}]', 'wrong-message-type'],
    ['type 300', '[1,"ping",300,0,{}]', 'wrong-message-type'],
    ['a type that only its low byte makes ONEWAY', '[1,"ping",260,0,{}]', 'wrong-message-type'],
    ['a negative type', '[1,"ping",-252,0,{}]', 'wrong-message-type'],
    ['a missing required field', '[1,"note",4,0,{"1":{"rec":{}}}]', 'missing-required'],
    ['too large a list', '[1,"q",4,0,{"1":{"rec":{"1":{"lst":["tf",2000000000,1]}}}}]', 'unknown-method'],
    ['the same for a known method', '[1,"ping",4,0,{"9":{"lst":["tf",2000000000,1]}}]', 'truncated'],
    ['a lone surrogate', '[1,"note",4,0,{"1":{"rec":{"1":{"str":"\ud800"}}}}]', 'invalid-utf8'],
    ['an object for a list', '{"1":{"i32":1}}', 'not-base64'],
    ['nothing but blanks', ' \n ', 'not-base64'],
  ])('refuses a JSON body with %s', (_name, body, reason) => {
    expect(refusal(body).reason).toBe(reason);
  });

  it('publishes a call as a JSON body', async () => {
    const clock = new VirtualClock(0);
    const queue = createMemoryQueue({ clock });
    const publisher = new Publisher({
      open: () => Promise.resolve(queue),
      body: 'text',
      codec: json,
      clock,
      report: () => undefined,
      options: resolvePublishOptions({}),
    });
    await publisher.publish(NOTE);
    const [received] = await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    expect(received!.body).toBe(BODY);
  });
});
