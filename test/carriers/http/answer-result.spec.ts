import { describe, expect, it } from '@jest/globals';
import { checkAnswer, resultOf } from '#lib/carriers/http/answer-result.js';
import { QueueError } from '#lib/queue/queue-error.js';

const NAME = 'http://jobs.test/thrift';

function answer(
  status: number,
  headers: Record<string, string> = {},
  body: Uint8Array = new Uint8Array(),
): Parameters<typeof resultOf>[0] {
  return { status, headers, body: Buffer.from(body) };
}

/** Returns the error of an answer, and whether it says something about every message. */
function errorOf(...given: Parameters<typeof answer>): { readonly error: QueueError; readonly ofServer: boolean } {
  try {
    const result = resultOf(answer(...given), NAME);
    if (result.ok) throw new Error('the answer is a success');
    return { error: result.error, ofServer: false };
  } catch (error) {
    if (!(error instanceof QueueError)) throw error;
    return { error, ofServer: true };
  }
}

describe('the answer to a posted message', () => {
  it.each([200, 202, 204])('is a success with the status %i, with the id that the server gave', (status) => {
    expect(resultOf(answer(status, { 'x-thrift-message-id': 'm-1' }), NAME)).toEqual({ ok: true, id: 'm-1' });
    expect(resultOf(answer(status, {}, Buffer.from('ok')), NAME)).toEqual({
      ok: true,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('is a failure if a server answers 200 with an exception', () => {
    const exception = Buffer.from('[1,"run",3,7,{"1":{"str":"Invalid method name: run"}}]');
    const { error, ofServer } = errorOf(200, {}, exception);
    expect([error.code, error.kind, ofServer]).toEqual(['ThriftException', 'invalid', false]);
    expect(error.message).toContain('"Invalid method name: run". Check that both sides have the same IDL.');
  });

  it.each<[status: number, headers: Record<string, string>, kind: string, ofServer: boolean]>([
    [301, { location: 'http://elsewhere.test/' }, 'missing-queue', false],
    [307, {}, 'missing-queue', false],
    [400, {}, 'invalid', false],
    [401, {}, 'credentials', false],
    [403, {}, 'denied', false],
    [404, {}, 'missing-queue', false],
    [405, {}, 'missing-queue', false],
    [408, {}, 'network', true],
    [413, {}, 'too-large', false],
    [415, {}, 'invalid', false],
    [418, {}, 'invalid', false],
    [429, {}, 'throttled', true],
    [500, {}, 'service', false],
    [502, {}, 'service', true],
    [503, {}, 'service', true],
    [503, { 'x-thrift-outcome': 'failed' }, 'service', false],
    [504, {}, 'service', true],
  ])('%i %j is an error of the kind %s', (status, headers, kind, ofServer) => {
    const found = errorOf(status, headers);
    expect([found.error.code, found.error.kind, found.ofServer]).toEqual([`Http${status}`, kind, ofServer]);
    expect(found.error.message).toContain(`${NAME} answered ${status}: `);
  });

  it('shows the text of the server, escaped and cut, and where a redirect leads', () => {
    const { error } = errorOf(
      400,
      { 'content-type': 'text/plain' },
      Buffer.from(`unknown-method: \u202e${'x'.repeat(300)}`),
    );
    expect(error.message).toContain('It says "unknown-method: \\u202exxx');
    expect(error.message.length).toBeLessThan(500);
    expect(errorOf(400, { 'content-type': 'text/html' }, Buffer.from('<html>')).error.message).not.toContain('html');
    expect(errorOf(302, { location: 'http://elsewhere.test/' }).error.message).toContain(
      'a redirect to "http://elsewhere.test/", which is never followed. Correct the option url',
    );
  });

  it.each<[header: string, ms: number | undefined]>([
    ['3', 3_000],
    ['0', undefined],
    ['86400', 60_000],
    ['soon', undefined],
    ['Wed, 21 Oct 2015 07:28:00 GMT', undefined],
    ['Fri, 31 Dec 2999 23:59:59 GMT', 60_000],
  ])('asks for a pause by Retry-After: %s', (header, ms) => {
    expect(errorOf(503, { 'retry-after': header }).error.retryAfterMs).toBe(ms);
  });
});

describe('the answer to a question', () => {
  it.each([200, 204, 400, 405, 411, 415, 501])('shows that the server serves calls, with the status %i', (status) => {
    expect(() => checkAnswer(answer(status), NAME)).not.toThrow();
  });

  it.each([301, 401, 403, 404, 500, 502, 503])('is an error with the status %i', (status) => {
    expect(() => checkAnswer(answer(status), NAME)).toThrow(`Http${status}: ${NAME} answered ${status}`);
  });
});
