import { afterEach, describe, expect, it } from '@jest/globals';
import type { CarrierNotice } from '#lib/queue/carrier-notice.js';
import { ask, BODY, RawConnection, startReceiver, take, takeOne, type TestReceiver } from './requests.js';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(...given: Parameters<typeof startReceiver>): Promise<TestReceiver> {
  const started = await startReceiver(...given);
  open.push(started.receiver);
  return started;
}

const garbage = (): { readonly status: number; readonly text: string } => ({
  status: 400,
  text: 'unknown-method: none',
});

describe("HttpInbox with answer: 'handled'", () => {
  it('answers 200 once the message is acknowledged', async () => {
    const { receiver, port } = await start({ answer: 'handled' });
    let answered = false;
    const reply = ask(port).finally(() => (answered = true));
    const message = await takeOne(receiver);
    await ask(port, { method: 'GET' });
    expect(answered).toBe(false);
    await receiver.acknowledge([message]);
    expect(await reply).toMatchObject({
      status: 200,
      headers: { 'x-thrift-message-id': message.id, 'content-length': '0' },
    });
  });

  it('answers 400 with the reason if the message is discarded', async () => {
    const { receiver, port } = await start({ answer: 'handled' });
    const reply = ask(port);
    await receiver.discard([{ message: await takeOne(receiver), reason: 'handler-rejected' }]);
    expect(await reply).toMatchObject({ status: 400, text: 'handler-rejected: the message was rejected\n' });
  });

  it('answers 503 if handling failed, with the time of the next attempt, and keeps nothing in memory', async () => {
    const { receiver, port } = await start({ answer: 'handled' });
    const reply = ask(port);
    await receiver.release([{ message: await takeOne(receiver), seconds: 4.2, cause: 'failed' }]);
    expect(await reply).toMatchObject({ status: 503, headers: { 'retry-after': '5', 'x-thrift-outcome': 'failed' } });
    expect(receiver.size).toBe(0);
  });

  it('answers 400 to a body that can never be handled once the poison policy has acted, and 503 if it could not', async () => {
    const { receiver, port } = await start({ answer: 'handled' }, { check: garbage });
    const first = ask(port);
    await receiver.discard([{ message: await takeOne(receiver), reason: 'unknown-method' }]);
    expect(await first).toMatchObject({ status: 400, text: 'unknown-method: none\n' });
    const second = ask(port);
    await receiver.release([{ message: await takeOne(receiver), seconds: 0, cause: 'failed' }]);
    expect((await second).status).toBe(503);
  });

  it('answers what is left when it stops 503, so that the client sends it again', async () => {
    const { receiver, port } = await start({ answer: 'handled' });
    const [inHand, waiting] = [ask(port), ask(port)];
    await takeOne(receiver);
    while (receiver.size < 2) await ask(port, { method: 'GET' });
    void receiver.drain();
    expect(receiver.takeRest()).toEqual([]);
    for (const reply of [await inHand, await waiting]) {
      expect(reply).toMatchObject({
        status: 503,
        text: expect.stringContaining('the server stops'),
        headers: { connection: 'close' },
      });
      expect(reply.headers).not.toHaveProperty('x-thrift-outcome');
    }
    await receiver.close();
  });

  it('takes no harm from a client that goes away before its answer', async () => {
    const { receiver, port } = await start({ answer: 'handled' });
    const raw = new RawConnection(port);
    raw.write(
      `POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: ${BODY.length}\r\n\r\n`,
    );
    raw.write(BODY);
    const message = await takeOne(receiver);
    raw.destroy();
    expect((await ask(port, { method: 'GET' })).status).toBe(405);
    expect(await receiver.acknowledge([message])).toEqual([{ ok: true }]);
  });
});

describe("HttpInbox with answer: 'accepted'", () => {
  it('answers 400 to a body that can never be handled, and leaves the message to the poison policy', async () => {
    const { receiver, port } = await start({}, { check: garbage });
    expect(await ask(port)).toMatchObject({ status: 400, text: 'unknown-method: none\n' });
    expect((await takeOne(receiver)).body).toEqual(BODY);
  });

  it('answers with the bytes of a Thrift message, if the check has one', async () => {
    const check = (): { readonly status: number; readonly text: string; readonly body: Buffer } => ({
      status: 200,
      text: 'no',
      body: BODY,
    });
    const { port } = await start({}, { check });
    expect(await ask(port)).toMatchObject({
      status: 200,
      bytes: BODY,
      headers: { 'content-type': 'application/x-thrift' },
    });
  });

  it('retries a failed message in memory', async () => {
    const { receiver, port } = await start();
    await ask(port);
    await receiver.release([{ message: await takeOne(receiver), seconds: 0, cause: 'failed' }]);
    expect((await takeOne(receiver)).receiveCount).toBe(2);
  });

  it('reports a message that it accepted and then lost', async () => {
    const faults: CarrierNotice[] = [];
    const { receiver, port } = await start({}, { report: (fault) => faults.push(fault) });
    const { headers } = await ask(port);
    await receiver.close();
    const id = String(headers['x-thrift-message-id']);
    expect(faults).toEqual([
      {
        kind: 'lost-left',
        level: 'error',
        text: `message ${id} of http:/thrift is lost: the worker was closed before it was settled`,
      },
    ]);
  });
});

describe('a stop of HttpInbox', () => {
  it('answers further requests 503 with Connection: close, while open ones are finished', async () => {
    const { receiver, port } = await start();
    const slow = new RawConnection(port);
    slow.write(
      `POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: ${BODY.length}\r\nexpect: 100-continue\r\n\r\n`,
    );
    await slow.until('100 Continue');
    await ask(port);
    const drained = receiver.drain();
    expect(await ask(port)).toMatchObject({ status: 503, headers: { connection: 'close', 'retry-after': '1' } });
    slow.write(BODY);
    expect((await slow.untilClosed()).toLowerCase()).toContain('200 ok\r\nx-thrift-message-id');
    const messages = await take(receiver);
    expect(messages).toHaveLength(2);
    await receiver.acknowledge(messages);
    await drained;
  });

  it('gives up a body that does not arrive within two seconds', async () => {
    const { receiver, port } = await start();
    const slow = new RawConnection(port);
    slow.write(
      'POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: 900\r\nexpect: 100-continue\r\n\r\n',
    );
    await slow.until('100 Continue');
    await receiver.drain();
    expect(await slow.untilClosed()).toContain('HTTP/1.1 503 ');
  });

  it('loses none of the requests that come while it stops under load: each has 200 and arrives, or fails', async () => {
    const { receiver, port } = await start();
    let stopped = false;
    const accepted: string[] = [];
    const client = async (): Promise<void> => {
      while (!stopped) {
        const reply = await ask(port).catch(() => undefined);
        if (reply?.status === 200) accepted.push(String(reply.headers['x-thrift-message-id']));
      }
    };
    const clients = Array.from({ length: 8 }, client);
    const arrived: string[] = [];
    const receive = async (): Promise<void> => {
      for (;;) {
        const messages = await take(receiver).catch(() => undefined);
        if (messages === undefined) return;
        arrived.push(...messages.map(({ id }) => id));
        if (messages.length > 0) await receiver.acknowledge(messages);
      }
    };
    const receiving = receive();
    while (accepted.length < 50) await ask(port, { method: 'GET' });
    await receiver.drain();
    await receiver.close();
    stopped = true;
    await Promise.all([...clients, receiving]);
    expect(accepted.filter((id) => !arrived.includes(id))).toEqual([]);
    expect(accepted.length).toBeGreaterThanOrEqual(50);
  });
});
