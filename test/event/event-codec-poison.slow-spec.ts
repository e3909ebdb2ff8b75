import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { writeBytes } from '../../lib/thrift/messages.js';
import type { ProtocolName } from '../../lib/thrift/protocol.js';
import { compileService } from '../../lib/thrift/service-codec.js';
import { methods, service } from '../fuzz/contract.js';
import { seeded, type Random } from '../fuzz/random.js';
import { randomArgs } from '../fuzz/random-values.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { refusal as refusalOf } from './harness.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now()) >>> 0;
/** The longest message of which every truncation is tried, in bytes. */
const LONGEST = 150;
const codec = createEventCodec([service]);
const refusal = (body: string | Uint8Array): { reason: string; detail: string } => refusalOf(body, codec);

function call(protocol: ProtocolName, name = 'onI32'): Buffer {
  return writeBytes(protocol, (writer) => {
    writer.writeMessageBegin(name, 4, 0);
    compileService(service, protocol).methods.get('onI32')!.write(writer, { v: 7 });
    writer.writeMessageEnd();
  });
}

/** The same with any number as its type, put where the protocol has it. */
function callOfType(protocol: ProtocolName, type: number): Buffer {
  const bytes = call(protocol);
  if (protocol === 'json') return Buffer.from(bytes.toString().replace(',4,0,', `,${type},0,`));
  bytes[protocol === 'binary' ? 3 : 1] = protocol === 'binary' ? type : (type << 5) | 1;
  return bytes;
}

const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** Ways to spoil standard base64, each of which always does. */
const SPOILT: readonly ((body: string, random: Random) => string)[] = [
  (body, random) => insert(body, random, random.pick(['!', '.', '{', 'ä', '\0', '=A', '%'])),
  (body, random) => insert(body, random, random.pick([' ', '\t', ' \n*'])),
  (body) => `${body}=`,
  (body, random) => replace(body, random, random.pick(['*', ' ', '"'])),
];

function insert(body: string, random: Random, text: string): string {
  const at = 1 + random.below(body.length - 1);
  return body.slice(0, at) + text + body.slice(at);
}

function replace(body: string, random: Random, character: string): string {
  const at = 1 + random.below(body.length - 4);
  return body.slice(0, at) + character + body.slice(at + 1);
}

describe(`P1 bodies that are not base64, seed ${SEED}`, () => {
  it('P1 refuses 1 000 of 1 000 spoiled bodies as not base64', () => {
    const random = seeded(SEED);
    for (let i = 0; i < 1000; i++) {
      const method = random.pick(methods);
      const body = base64(codec.encode({ method: method.name, args: randomArgs(random, method.args.fields) }));
      const spoilt = random.pick(SPOILT)(body, random);
      expect([SEED, spoilt, refusal(spoilt).reason]).toEqual([SEED, spoilt, 'not-base64']);
    }
  });
});

describe.each(PROTOCOLS)('poison bodies in %s', (protocol) => {
  it(`P2 refuses every truncation of 200 messages, seed ${SEED}`, () => {
    const random = seeded(SEED);
    const own = createEventCodec([service], { protocol });
    for (let messages = 0; messages < 200;) {
      const method = random.pick(methods);
      const bytes = own.encode({ method: method.name, args: randomArgs(random, method.args.fields) });
      // Longer ones take long and tell nothing more.
      if (bytes.length > LONGEST) continue;
      messages++;
      expect(own.decode(bytes)).toHaveLength(1);
      const reasons = Array.from({ length: bytes.length }, (_, length) => refusal(bytes.subarray(0, length)).reason);
      const wrong = reasons.findIndex((reason, length) => reason !== (length === 0 ? 'empty' : 'truncated'));
      expect([SEED, bytes.subarray(0, wrong).toString('hex'), reasons[wrong]]).toEqual([
        SEED,
        bytes.subarray(0, -1).toString('hex'),
        undefined,
      ]);
    }
  });

  it.each([
    ['P4 nope', 'nope', 'unknown-method'],
    ['P4 an empty name', '', 'unknown-method'],
    ['P4 __proto__', '__proto__', 'unknown-method'],
    ['P4 constructor', 'constructor', 'unknown-method'],
    ['P4 toString', 'toString', 'unknown-method'],
    ['P4 another service', 'Other:onI32', 'unknown-service'],
    ['P4 constructor as a service', 'constructor:onI32', 'unknown-service'],
    ['P4 two colons', 'a:b:c', 'unknown-service'],
    ['P4 two colons behind the service', 'Vectors:b:c', 'unknown-method'],
    ['P4 control characters', '\u001b[31m\r\n', 'unknown-method'],
    ['P4 a megabyte', 'x'.repeat(1_000_000), 'unknown-method'],
  ])('refuses a method name: %s', (_row, name, reason) => {
    const refused = refusal(call(protocol, name));
    expect(refused.reason).toBe(reason);
    expect(refused.detail.length).toBeLessThan(250);
    expect(refused.detail).not.toMatch(/[\u0000-\u001f]/);
  });

  it('P4 reads the name Service:method', () => {
    expect(codec.decode(call(protocol, 'Vectors:onI32'))).toMatchObject([{ method: 'onI32', args: { v: 7 } }]);
  });

  // Compact has three bits for the type.
  it.each(Array.from({ length: protocol === 'compact' ? 8 : 256 }, (_, type) => [type]))(
    'P5 accepts message type %d only for CALL and ONEWAY',
    (type) => {
      const bytes = callOfType(protocol, type);
      if (type === 1 || type === 4) expect(codec.decode(bytes)).toHaveLength(1);
      else expect(refusal(bytes).reason).toBe('wrong-message-type');
    },
  );

  it.each([
    ['P11 one byte', Buffer.from([0])],
    ['P11 a megabyte of zeros', Buffer.alloc(1_000_000)],
    ['P11 a megabyte of text', Buffer.alloc(1_000_000, 'junk ')],
    ['P11 the begin of a message of another protocol', call(protocol === 'binary' ? 'compact' : 'binary')],
  ])('refuses trailing bytes behind a message: %s', (_row, tail) => {
    const refused = refusal(Buffer.concat([call(protocol), tail]));
    expect(refused.detail).toContain('in call 2 of the body');
  });
});

describe('P3 the protocol by the first byte', () => {
  it.each(Array.from({ length: 256 }, (_, first) => [first]))(
    'P3 detects the protocol by the first byte 0x%s',
    (first) => {
      const known = [0x80, 0x82, 0x5b].includes(first);
      // Blanks may stand before JSON, but nothing else is behind them here.
      const { reason } = refusal(Buffer.from([first, 0xff, 0xff, 0xff, 0xff]));
      expect(reason === 'unknown-protocol').toBe(!known);
    },
  );

  it('P3 refuses a header transport as unknown protocol', () => {
    const framed = Buffer.concat([Buffer.from('0000002a0fff000000000000', 'hex'), call('binary')]);
    expect(refusal(framed).reason).toBe('unknown-protocol');
  });
});

describe('P15 compressed bodies', () => {
  const bomb = Buffer.alloc(1_000_000);
  it.each([
    ['P15 gzip', gzipSync(bomb)],
    ['P15 zlib', deflateSync(bomb)],
    [
      'P15 zlib within a header transport',
      Buffer.concat([Buffer.from('000010000fff0000000000000001000001', 'hex'), deflateSync(bomb)]),
    ],
  ])('refuses a compressed body without decompression: %s', (_row, bytes) => {
    expect(refusal(bytes).reason).toBe('unknown-protocol');
    expect(refusal(base64(bytes)).reason).toBe('unknown-protocol');
  });
});
