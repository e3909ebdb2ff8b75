import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { type AnswerLimit, limitAnswer } from '#lib/carriers/sqs/answer-limit.js';

const LIMIT: AnswerLimit = { maxBytes: 100, maxErrorBytes: 10 };

type Step = (args: object) => Promise<{ response?: { statusCode?: number; body?: unknown } }>;

/** The body that a client of the SDK reads, if a request handler gives this answer. */
async function limited(body: unknown, limit: AnswerLimit, statusCode?: number): Promise<unknown> {
  let middleware: ((next: Step) => Step) | undefined;
  limitAnswer({ middlewareStack: { add: (added) => (middleware = added) } }, limit);
  const next: Step = () => Promise.resolve({ response: { body, ...(statusCode !== undefined && { statusCode }) } });
  return (await middleware!(next)({})).response!.body;
}

const chunks = (bytes: number): Uint8Array[] => Array.from({ length: bytes }, () => Buffer.from('x'));
const BODIES: [string, (bytes: number) => AsyncIterable<Uint8Array>][] = [
  ['a stream of Node', (bytes) => Readable.from(chunks(bytes))],
  ['a stream of the web', (bytes) => ReadableStream.from(chunks(bytes)) as unknown as AsyncIterable<Uint8Array>],
];

describe.each(BODIES)('the limit of an answer that is %s', (_, bodyOf) => {
  it.each([
    ['up to its limit', LIMIT, 200, 100],
    ['without a status', LIMIT, undefined, 100],
    ['up to the limit of errors', LIMIT, 400, 10],
    ['without a limit', { maxBytes: Infinity, maxErrorBytes: 10 }, 200, 5_000],
  ])('passes every byte of an answer %s', async (__, limit, status, bytes) => {
    const body = (await limited(bodyOf(bytes), limit, status)) as AsyncIterable<Uint8Array>;
    expect((await buffer(body)).toString()).toBe('x'.repeat(bytes));
  });

  it.each([
    ['an answer', 200, 101, 100],
    ['an error', 500, 11, 10],
    ['a redirect', 301, 11, 10],
  ])('fails the reader of %s that is longer', async (__, status, bytes, allowed) => {
    const body = (await limited(bodyOf(bytes), LIMIT, status)) as AsyncIterable<Uint8Array>;
    await expect(buffer(body)).rejects.toMatchObject({
      code: 'AnswerTooLarge',
      message: `the answer has more than ${allowed} bytes`,
    });
  });

  it('passes on the failure of the answer itself', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x');
      await Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    }
    const broken = _ === 'a stream of Node' ? Readable.from(failing()) : ReadableStream.from(failing());
    await expect(buffer((await limited(broken, LIMIT)) as AsyncIterable<Uint8Array>)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });
});

describe('the limit of an answer that is no stream', () => {
  it.each([
    ['undefined', undefined],
    ['text', 'x'.repeat(1_000)],
    ['bytes', Buffer.alloc(1_000)],
  ])('leaves it as it is: %s', async (_, body) => {
    expect(await limited(body, LIMIT)).toBe(body);
  });
});
