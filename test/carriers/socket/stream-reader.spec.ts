import { describe, expect, it } from '@jest/globals';
import { Refusal, type RefusalReason } from '#lib/carriers/socket/refusal.js';
import { StreamReader } from '#lib/carriers/socket/stream-reader.js';
import { framed, job, PROTOCOLS, run } from './thrift-bytes.js';

const MAX = 16_384_000;

/** Reads everything that a stream holds, after each of its chunks. */
function readAll(chunks: readonly Uint8Array[], maxFrameBytes = MAX): string[] {
  const reader = new StreamReader(maxFrameBytes);
  const bodies: string[] = [];
  for (const chunk of chunks) {
    reader.push(Buffer.from(chunk));
    for (let body = reader.next(); body !== undefined; body = reader.next()) bodies.push(body.toString('hex'));
  }
  return bodies;
}

function refusalOf(bytes: Uint8Array, maxFrameBytes = MAX): Refusal {
  try {
    readAll([bytes], maxFrameBytes);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('the stream was not refused');
}

const single = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe.each(PROTOCOLS)('a StreamReader of %s', (protocol) => {
  const messages = [run(1, protocol), job('long '.repeat(50), protocol), run(2, protocol)];
  const bodies = messages.map((message) => message.toString('hex'));

  it.each([
    ['with frames', messages.map((message) => framed(message))],
    ['without frames', messages],
  ])('reads messages %s, in one chunk, in single bytes and cut at every place', (_, parts) => {
    const stream = Buffer.concat(parts);
    expect(readAll([stream])).toEqual(bodies);
    expect(readAll(single(stream))).toEqual(bodies);
    for (let cut = 1; cut < stream.length; cut++) {
      expect(readAll([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(bodies);
    }
  });
});

describe('a StreamReader', () => {
  it('returns several messages in one frame as one body', () => {
    expect(readAll([framed(run(1), run(2))])).toEqual([Buffer.concat([run(1), run(2)]).toString('hex')]);
  });

  it('ignores empty frames', () => {
    const empty = Buffer.alloc(4);
    expect(readAll([empty, framed(run(1)), Buffer.concat([empty, empty]), framed(run(2))])).toEqual([
      run(1).toString('hex'),
      run(2).toString('hex'),
    ]);
  });

  it('ignores white space between messages of JSON without frames', () => {
    const blank = Buffer.from('\r\n');
    const reader = new StreamReader(MAX);
    reader.push(Buffer.concat([run(1, 'json'), blank, run(2, 'json'), blank]));
    expect([reader.next(), reader.next(), reader.next()]).toEqual([run(1, 'json'), run(2, 'json'), undefined]);
    expect(reader.buffered).toBe(0);
  });

  it('leaves a frame that is no message to the engine, and reads on', () => {
    const body = Buffer.from('AAAA');
    expect(readAll([framed(body), framed(run(1))])).toEqual([body.toString('hex'), run(1).toString('hex')]);
  });

  it.each<[string, RefusalReason, Buffer, string]>([
    ['HTTP', 'http', Buffer.from('POST / HTTP/1.1\r\n'), 'ServerThriftHttp'],
    ['HTTP/2', 'http', Buffer.from('PRI * HTTP/2.0\r\n'), 'HTTP'],
    ['TLS', 'tls', hex('16030100f8010000f4'), 'tlsOptions'],
    ['zlib', 'zlib', hex('78da63606060'), 'TZlibTransport'],
    ['THeader', 'theader', hex('00000029 0fff 0000'), 'THeader'],
    ['text', 'garbage', Buffer.from('AAAAAAAA'), '0x41414141'],
    ['a negative length', 'garbage', hex('ffffffff00'), '0xffffffff'],
    ['a frame of 0x7fffffff bytes', 'frame-length', hex('7fffffff'), '2147483647'],
    ['another version of the binary protocol', 'garbage', hex('80020004'), '0x80020004'],
    [
      'a string of 0x7fffffff bytes',
      'message-length',
      hex('80010004 00000001 61 00000000 0b0001 7fffffff'),
      'maxFrameBytes',
    ],
    [
      'a broken message without a frame',
      'broken-message',
      hex('80010004 00000001 61 00000000 050001'),
      'TFramedTransport',
    ],
    [
      'bytes behind a message without a frame',
      'broken-message',
      Buffer.concat([run(1), Buffer.from('AAAAAAAA')]),
      'end is unknown',
    ],
  ])('refuses %s by name', (_, reason, bytes, text) => {
    const refusal = refusalOf(bytes);
    expect([refusal.reason, refusal.message]).toEqual([reason, expect.stringContaining(text)]);
  });

  it.each<[string, Buffer]>([
    ['a negative length', hex('80000000')],
    ['a length above the limit', hex('00fa0001')],
    ['THeader', hex('00000029 0fff')],
  ])('refuses %s after good frames', (_, bytes) => {
    const reader = new StreamReader(MAX);
    reader.push(Buffer.concat([framed(run(1)), bytes]));
    expect(reader.next()).toEqual(run(1));
    expect(() => reader.next()).toThrow(Refusal);
  });

  it('accepts a frame and a message of maxFrameBytes, and none that is longer', () => {
    const message = run(1);
    for (const bytes of [framed(message), message]) {
      expect(readAll([bytes], message.length)).toEqual([message.toString('hex')]);
      expect(refusalOf(bytes, message.length - 1).reason).toMatch(/length/);
    }
  });

  it('allocates nothing for a length that is only announced', () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 200 }, () => {
      const reader = new StreamReader(MAX);
      reader.push(hex('00fa0000 8001'));
      expect(reader.next()).toBeUndefined();
      return reader;
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    expect(readers.map(({ buffered }) => buffered)).toEqual(Array(200).fill(6));
  });
});
