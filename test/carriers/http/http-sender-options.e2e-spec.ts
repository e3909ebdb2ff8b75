import { describe, expect, it } from '@jest/globals';
import { HttpSender } from '#lib/carriers/http/http-sender.js';
import { BODY } from './requests.js';
import { pair } from './sender-pair.js';

describe('the options of HttpSender', () => {
  it('refuses a header with a line break, as of a token from a file, and does not show the token', async () => {
    const headers = { authorization: 'Bearer secret\n' };
    const message =
      'option headers."authorization" has characters that no header can carry, such as a line break; remove them';
    expect(() => new HttpSender({ url: 'http://127.0.0.1:1', headers })).toThrow(new TypeError(message));
    const { server, sender } = await pair(undefined, { headers: () => headers });
    const error: unknown = await sender.send([{ body: BODY }]).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'HeadersFailed',
      kind: 'credentials',
      message: expect.stringContaining(message),
    });
    expect(String(error)).not.toContain('secret');
    expect(server.requests).toEqual([]);
  });

  it('takes bodies up to maxBodyBytes, which both ends can raise', async () => {
    const { sender } = await pair(undefined, { maxBodyBytes: BODY.length });
    expect(sender.limits).toMatchObject({ messageBytes: BODY.length, batchBytes: BODY.length });
    expect(await sender.send([{ body: BODY }])).toMatchObject([{ ok: true }]);
    const [result] = await sender.send([{ body: Buffer.concat([BODY, BODY]) }]);
    const text = `${2 * BODY.length} bytes exceed maxBodyBytes, which is ${BODY.length}. Send fewer bytes, or raise it at both ends.`;
    expect(result).toMatchObject({ ok: false, error: { code: 'TooLarge', message: expect.stringContaining(text) } });
    const large = await pair(undefined, { maxBodyBytes: 20_000_000 });
    expect(await large.sender.send([{ body: Buffer.alloc(17_000_000, BODY) }])).toMatchObject([{ ok: true }]);
  });
});
