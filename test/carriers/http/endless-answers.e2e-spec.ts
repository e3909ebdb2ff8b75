import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpSender } from '#lib/carriers/http/http-sender.js';
import { type EndlessServer, startEndlessServer } from '../../fakes/endless-server.js';
import { BODY } from './requests.js';

const MiB = 1_048_576;

let server: EndlessServer;
let sender: HttpSender;
afterEach(async () => {
  await sender.close();
  await server.close();
});

async function answerOf(status: number): Promise<unknown> {
  server = await startEndlessServer(() => ({ endless: status }));
  sender = new HttpSender({ url: `${server.endpoint}/thrift` });
  const answer = await sender.send([{ body: BODY }]).catch((error: unknown) => error);
  await server.left;
  return answer;
}

describe('an answer without an end', () => {
  it('counts by its status, and its connection is closed', async () => {
    expect(await answerOf(200)).toEqual([{ ok: true, id: expect.any(String) }]);
    expect(server.written).toBeLessThan(17 * MiB);
  });

  it.each([
    [400, 'Http400', 'invalid'],
    [500, 'Http500', 'service'],
  ])('is a failure by its status: %i', async (status, code, kind) => {
    expect(await answerOf(status)).toEqual([{ ok: false, error: expect.objectContaining({ code, kind }) }]);
  });

  it('is a failure of the server by its status: 503', async () => {
    expect(await answerOf(503)).toMatchObject({ code: 'Http503', kind: 'service' });
  });
});
