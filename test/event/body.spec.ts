import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromWireBody, writeBody } from '../../lib/event/body.js';
import { Alpha, alpha, base64, codecOf, message, plain, refusal } from './harness.js';

const good = base64(message('ping', 7));

describe('the text of a body', () => {
  it('round-trips any bytes through base64 text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
        const body = writeBody('binary', 'text', (writer) =>
          bytes.forEach((byte) => writer.writeByte((byte << 24) >> 24)),
        );
        expect(body).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
        expect([...fromWireBody(body)]).toEqual([...bytes]);
      }),
      { seed: 7 },
    );
  });

  it('keeps a body as bytes where the queue takes bytes', () => {
    const bytes = writeBody('binary', 'bytes', (writer) => writer.writeI32(0x010203));
    expect(bytes).toEqual(Buffer.from([0, 1, 2, 3]));
    expect([...fromWireBody(new Uint8Array([0, 1, 2, 3]).subarray(1))]).toEqual([1, 2, 3]);
  });

  it.each([
    ['junk behind it', `${good}!`],
    ['a word behind it', `${good}AAA`],
    ['text behind the padding', 'QQ==QQ=='],
    ['a line break at its end', `${good}\n`],
    ['a line break within', `${good.slice(0, 8)}\r\n${good.slice(8)}`],
    ['blanks around it', ` ${good} `],
    ['a tab within', `${good.slice(0, 3)}\t${good.slice(4)}`],
    ['the alphabet of URLs', '-_-_'],
    ['no padding', 'QQ'],
    ['half of the padding', 'QQ='],
    ['too much padding', 'QQ==='],
    ['three pad characters', 'Q==='],
    ['padding alone', '===='],
    ['padding first', '=AAA'],
    ['padding within', 'A=AA'],
    ['bits beyond the one byte', 'QR=='],
    ['bits beyond the two bytes', 'QUF='],
    ['a character beyond ASCII', 'QUäA'],
    ['a fullwidth letter', 'QUＡA'],
    ['a letter whose lower eight bits are an A', 'QU\u0141A'],
    ['a letter of Latin-1', `${good.slice(0, 4)}\u00c1${good.slice(5)}`],
    ['an underscore in a long text', `${good.repeat(20)}_${good.slice(1)}`],
    ['a NUL', 'QUE\0'],
    ['a JSON object', '{"Type":"Notification"}'],
    ['XML', '<message/>'],
  ])('refuses a base64 body with %s', (_, body) => {
    expect(refusal(body).reason).toBe('not-base64');
  });

  it('refuses every text that is not the canonical base64 of its bytes', () => {
    const alphabet = [...'ABQRgw019+/-_= \n='];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 12 }), (characters) => {
        const body = characters.join('');
        let read: string | undefined;
        try {
          read = fromWireBody(body).toString('base64');
        } catch {
          read = undefined;
        }
        const canonical = body.length > 0 && Buffer.from(body, 'base64').toString('base64') === body;
        expect(read).toBe(canonical ? body : undefined);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it.each([
    ['text', ''],
    ['bytes', new Uint8Array(0)],
  ])('refuses an empty body of %s', (_, body) => {
    expect(refusal(body).reason).toBe('empty');
  });

  it('does not quote the body in a refusal', () => {
    expect(refusal('secret secret!').message).not.toContain('secret');
  });
});

describe('the protocol of a body', () => {
  it('detects the protocol of a body by its first byte', () => {
    expect(plain(alpha.decode(base64(message('ping', 7))))).toEqual([
      { service: 'Alpha', method: 'ping', args: { n: 7 } },
    ]);
    expect(plain(alpha.decode(message('ping', 7)))).toHaveLength(1);
  });

  it.each([0x00, 0x01, 0x7f, 0x81, 0x83, 0xc0, 0xff])(
    'refuses a body with the first byte %d as unknown protocol',
    (first) => {
      const { reason, detail } = refusal(base64(Buffer.from([first, 1, 0, 1, 0, 0, 0, 0])));
      expect(reason).toBe('unknown-protocol');
      expect(detail).toContain(`0x${first.toString(16).padStart(2, '0')}`);
    },
  );

  it.each(['80000004', '80020004', '807f0004', '80ff0004'])('refuses a body with a version word of %s', (version) => {
    const bytes = message('ping', 7);
    bytes.write(version, 'hex');
    expect(refusal(base64(bytes)).reason).toBe('bad-header');
  });

  it('reads old binary only with the option oldBinary', () => {
    const old = Buffer.from(['00000004', '70696e67', '01', '00000000', '08', '0001', '00000007', '00'].join(''), 'hex');
    expect(refusal(base64(old)).reason).toBe('unknown-protocol');
    expect(plain(codecOf({ oldBinary: true }, Alpha).decode(base64(old)))).toEqual([
      { service: 'Alpha', method: 'ping', args: { n: 7 } },
    ]);
  });
});
