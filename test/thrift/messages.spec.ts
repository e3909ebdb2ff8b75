import { describe, expect, it } from '@jest/globals';
import { createReader, sniffProtocol, writeBytes } from '../../lib/thrift/messages.js';
import { TMessageType } from '../../lib/thrift/protocol.js';
import { codecError, compact, unhex, written } from './harness.js';

// version and type, length of the name, the name, sequence id
const STRICT = '80010004 00000004 70696e67 00000007';
// length of the name, the name, type, sequence id
const OLD = '00000004 70696e67 04 00000007';

describe('message headers', () => {
  it('writes a strict message header', () => {
    expect(written((writer) => writer.writeMessageBegin('ping', TMessageType.ONEWAY, 7))).toBe(compact(STRICT));
  });

  it('reads a strict header, also under the field names of the Apache Node runtime', () => {
    const reader = createReader('binary', unhex(STRICT));
    expect(reader.readMessageBegin()).toEqual({
      name: 'ping',
      type: 4,
      seqid: 7,
      fname: 'ping',
      mtype: 4,
      rseqid: 7,
    });
    expect(reader.remaining).toBe(0);
  });

  it('ignores the unused byte of a header and returns any message type', () => {
    const reader = createReader('binary', unhex('8001ffff 00000001 78 ffffffff'));
    expect(reader.readMessageBegin()).toMatchObject({ name: 'x', type: 255, seqid: -1 });
  });

  it('reads a header without a version only with the option oldBinary', () => {
    expect(createReader('binary', unhex(OLD), { oldBinary: true }).readMessageBegin()).toMatchObject({
      name: 'ping',
      type: 4,
      seqid: 7,
    });
    expect(codecError(() => createReader('binary', unhex(OLD)).readMessageBegin())).toMatchObject({
      reason: 'bad-header',
      type: 4,
    });
  });

  it.each([
    ['version 2', '80020004 00000004 70696e67 00000007', 'bad-header'],
    ['version 0', '80000004 00000004 70696e67 00000007', 'bad-header'],
    ['the first bytes of compact', '82210004 00000004 70696e67 00000007', 'bad-header'],
    ['a negative name length', '80010004 ffffffff 70696e67 00000007', 'limit-exceeded'],
    ['a name longer than the bytes', '80010004 7fffffff 70696e67 00000007', 'limit-exceeded'],
    ['a name a little longer than the bytes', '80010004 00000009 70696e67 00000007', 'truncated'],
    ['a name that is not UTF-8', '80010004 00000004 70696eff 00000007', 'invalid-utf8'],
  ])('refuses a header with %s', (_name, hex, reason) => {
    expect(codecError(() => createReader('binary', unhex(hex)).readMessageBegin()).reason).toBe(reason);
  });

  it.each(['ö', 'a:b', '__proto__', ''])('reads back the method name %j', (name) => {
    const bytes = writeBytes('binary', (writer) => writer.writeMessageBegin(name, 1, 0));
    expect(createReader('binary', bytes).readMessageBegin().name).toBe(name);
  });
});

describe('sniffProtocol', () => {
  it.each(Array.from({ length: 256 }, (_, first) => first))(
    'detects the protocol, or none, from the first byte %d',
    (first) => {
      const known = new Map([
        [0x80, 'binary'],
        [0x82, 'compact'],
        [0x5b, 'json'],
      ]);
      expect(sniffProtocol(Uint8Array.of(first, 1, 0, 4))).toBe(known.get(first));
    },
  );

  it.each([
    [`${OLD} 00`, 'binary'],
    ['00000000 04 00000007 00', 'binary'],
    ['00000005 70696e67 04 00000007 00', undefined],
    ['01000004 70696e67 04 00000007 00', undefined],
    ['00', undefined],
    ['', undefined],
    ['80', 'binary'],
    ['20 0a 0d 09 5b', 'json'],
    ['20 0b 5b', undefined],
    ['20 7b', undefined],
    ['20', undefined],
  ])('detects the protocol of the bytes %s with allowOld', (hex, expected) => {
    expect(sniffProtocol(unhex(hex), true)).toBe(expected);
  });
});

describe('writeBytes', () => {
  it('discards the bytes written before a throw', () => {
    expect(() =>
      writeBytes('binary', (writer) => {
        writer.writeI32(1);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(written((writer) => writer.writeByte(2))).toBe('02');
  });

  it('keeps a nested write apart from the outer write', () => {
    const outer = writeBytes('binary', (writer) => {
      writer.writeByte(1);
      expect(written((inner) => inner.writeByte(9))).toBe('09');
      writer.writeByte(2);
    });
    expect(outer.toString('hex')).toBe('0102');
  });

  it('returns bytes that later writes do not change', () => {
    const first = writeBytes('binary', (writer) => writer.writeString('first'));
    writeBytes('binary', (writer) => writer.writeString('other'));
    expect(first.subarray(4).toString()).toBe('first');
  });

  it('writes a value of 3 MB and a small value afterwards', () => {
    const large = Buffer.alloc(3_000_000, 7);
    expect(
      writeBytes('binary', (writer) => writer.writeBinary(large))
        .subarray(4)
        .equals(large),
    ).toBe(true);
    expect(written((writer) => writer.writeByte(2))).toBe('02');
  });
});
