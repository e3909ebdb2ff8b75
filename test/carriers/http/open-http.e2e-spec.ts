import { afterEach, describe, expect, it } from '@jest/globals';
import { openHttpReceiver, type OpenHttpReceiverOptions, openHttpSender } from 'nestjs-sqs-thrift/http';
import { BODY } from './requests.js';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const now = { max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 };

describe('both ends of HTTP without Nest', () => {
  it('carry a message, whose answer tells its sender how it ended', async () => {
    const options: OpenHttpReceiverOptions = { port: 0, host: '127.0.0.1', path: '/jobs', answer: 'handled' };
    const receiver = await openHttpReceiver(options);
    const sender = await openHttpSender({ url: `http://127.0.0.1:${receiver.address!.port}/jobs` });
    open.push(receiver, sender);
    await receiver.receive(now);
    const sending = sender.send([{ body: BODY, attributes: { tenant: 'acme' } }]);
    const [message] = await receiver.receive({ ...now, waitSeconds: 10 });
    expect({ ...message!.attributes }).toEqual({ tenant: 'acme' });
    await receiver.discard([{ message: message!, reason: 'handler-rejected' }]);
    expect(await sending).toEqual([
      { ok: false, error: expect.objectContaining({ code: 'Http400', kind: 'invalid' }) },
    ]);
  });

  it('refuse unknown options, under the name of the function', async () => {
    await expect(openHttpReceiver({ prt: 1 } as never)).rejects.toThrow(
      'openHttpReceiver: unknown option prt; did you mean port?',
    );
    await expect(openHttpSender({ uri: 'x' } as never)).rejects.toThrow(
      'openHttpSender: unknown option uri; did you mean url?',
    );
  });
});
