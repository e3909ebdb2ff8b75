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
    ['text behind the padding', 'QQ==QQ=='],
    ['a tab within', `${good.slice(0, 3)}\t${good.slice(4)}`],
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
    ['a NUL', 'QUE\0'],
    ['a JSON object', '{"Type":"Notification"}'],
    ['XML', '<message/>'],
  ])('refuses a base64 body with %s', (_, body) => {
    expect(refusal(body).reason).toBe('not-base64');
  });

  /** Writes bytes as common encoders do. */
  const ENCODERS: readonly [name: string, encode: (bytes: Buffer) => string][] = [
    ['Python encodebytes', (bytes) => lines(bytes, 76, '\n') + '\n'],
    ['MIME', (bytes) => lines(bytes, 76, '\r\n')],
    ['PEM', (bytes) => `\n${lines(bytes, 64, '\n')}\n`],
    ['indented', (bytes) => lines(bytes, 20, '\n    ')],
    ['the alphabet of URLs', (bytes) => bytes.toString('base64url')],
    [
      'the alphabet of URLs with padding',
      (bytes) => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
    ],
    ['no padding', (bytes) => bytes.toString('base64').replaceAll('=', '')],
    ['a byte order mark', (bytes) => `\ufeff${bytes.toString('base64')}`],
    ['a line break at the end', (bytes) => `${bytes.toString('base64')}\n`],
    ['blanks around it', (bytes) => ` ${bytes.toString('base64')}\t`],
  ];
  const lines = (bytes: Buffer, width: number, end: string): string =>
    bytes
      .toString('base64')
      .match(new RegExp(`.{1,${width}}`, 'g'))!
      .join(end);

  it.each(ENCODERS)('is read as other encoders write it: %s', (_, encode) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        expect([...fromWireBody(encode(Buffer.from(bytes)))]).toEqual([...bytes]);
      }),
      { seed: 7 },
    );
  });

  it('reads JSON behind a byte order mark', () => {
    expect(fromWireBody('\ufeff[1,2]').toString()).toBe('[1,2]');
  });

  it('is read as its own bytes or refused, however it is changed', () => {
    const alphabet = [...'ABQRgw019+/-_= \n\r\t='];
    const canonical = (text: string): string =>
      text
        .split('\n')
        .map((line) => line.trim())
        .join('')
        .replaceAll('-', '+')
        .replaceAll('_', '/')
        .replace(/=+$/, '');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 12 }), (characters) => {
        const body = characters.join('');
        try {
          expect(fromWireBody(body).toString('base64').replace(/=+$/, '')).toBe(canonical(body));
        } catch (error) {
          expect(error).toMatchObject({ reason: 'not-base64' });
        }
      }),
      { seed: 7, numRuns: 3000 },
    );
  });

  it.each([
    ['QQ==QQ==', 'the padding at 3 is not at the end: two texts may be joined'],
    ['QUFB QUFB', 'it has a blank at 5: a "+" becomes a blank in a form or a URL'],
    ['QUFB%3D', 'it has a "%" at 5: the text was encoded for a URL'],
    ['"QUFB"', 'it begins with a quotation mark: the text was encoded as JSON once more'],
    ['QU*B', 'U+002A at 3 is not in the base64 alphabet'],
    ['-_+/', 'it mixes "-" or "_" of the alphabet of URLs with "+" or "/" of standard base64'],
    ['QUFBQ', 'it is cut off: 5 characters are no whole number of bytes'],
    ['QQ=', 'it ends in 1 "=" where 2 belong'],
    ['QR==', 'the last base64 character has bits beyond the last byte'],
    [' \n ', 'the body holds white space only'],
  ])('is refused with what is wrong: %j', (body, finding) => {
    expect(refusal(body).detail).toBe(`the body of ${body.length} characters is no base64: ${finding}`);
  });

  it('is refused in linear time', () => {
    for (const part of [' ', '=', '\n', '\r', '-', 'A=', ' \n', '%']) {
      expect(refusal(`A${part.repeat(500_000)}*`).reason).toBe('not-base64');
    }
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
