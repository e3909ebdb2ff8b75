import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { md5OfAttributes, md5OfBody } from '#lib/carriers/sqs/message-md5.js';

interface Counts {
  readonly requests: Readonly<Record<string, number>>;
  readonly sent: number;
  readonly received: number;
  readonly deleted: number;
  readonly billedUnits: number;
}

/** Checks what the benchmarks rely on: the SDK itself checks the digests of bodies. */
describe('the queue server of the benchmarks', () => {
  let child: ChildProcess;
  let client: SQSClient;
  let endpoint: string;
  let queues = 0;
  let QueueUrl: string;
  let commands = 0;

  const ask = async (name: string, argument?: unknown): Promise<unknown> => {
    commands += 1;
    const answer = once(child, 'message');
    child.send({ number: commands, name, argument });
    const [{ value, error }] = (await answer) as [{ value?: unknown; error?: string }];
    expect(error).toBeUndefined();
    return value;
  };
  const receive = async (wait = 0, MaxNumberOfMessages = 10) => {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages,
      WaitTimeSeconds: wait,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    return (await client.send(command)).Messages ?? [];
  };

  beforeAll(async () => {
    child = fork('build/bench/queue-server/program.js');
    await once(child, 'message');
    endpoint = (await ask('start')) as string;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  });
  afterAll(async () => {
    client.destroy();
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  });
  beforeEach(async () => {
    queues += 1;
    QueueUrl = `${endpoint}/000000000000/q${queues}`;
    await ask('reset', { delayMs: 0 });
  });

  it('returns bodies and attributes as they were sent, with their digests', async () => {
    const MessageBody = 'a "quoted" body,\n\u00e9\ud83d\ude00';
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: '\u00fc' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 255) },
    };
    const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    expect(sent.MD5OfMessageBody).toBe(md5OfBody(MessageBody));
    expect(sent.MD5OfMessageAttributes).toBe(md5OfAttributes(MessageAttributes));
    const [message] = await receive();
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: MessageBody,
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      Attributes: { ApproximateReceiveCount: '1' },
    });
    expect(message!.MessageAttributes!['text']).toEqual(MessageAttributes.text);
    expect([...message!.MessageAttributes!['bytes']!.BinaryValue!]).toEqual([1, 2, 255]);
  });

  it('wakes a long poll when a message arrives', async () => {
    const waiting = receive(20);
    const Entries = [
      { Id: 'a', MessageBody: '1' },
      { Id: 'b', MessageBody: '2' },
    ];
    const { Successful } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful!.map(({ Id }) => Id)).toEqual(['a', 'b']);
    expect((await waiting).map(({ Body }) => Body)).toEqual(['1', '2']);
  });

  it('gives a message to the next receive if a waiting client has gone', async () => {
    const aborter = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const waiting = client.send(command, { abortSignal: aborter.signal });
    // The server has the long poll once it answers a later request.
    await client.send(new GetQueueUrlCommand({ QueueName: 'any' }));
    aborter.abort();
    await expect(waiting).rejects.toThrow();
    await client.send(new GetQueueUrlCommand({ QueueName: 'any' }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
    expect((await receive()).map(({ Body }) => Body)).toEqual(['kept']);
  });

  it('gives each copy of a preloaded message its own id and receipt', async () => {
    await ask('preload', { queue: `q${queues}`, body: 'copy', count: 13 });
    const messages = [...(await receive()), ...(await receive()), ...(await receive())];
    expect(messages.map(({ Body }) => Body)).toEqual(Array.from({ length: 13 }, () => 'copy'));
    expect(new Set(messages.map(({ MessageId }) => MessageId)).size).toBe(13);
    expect(new Set(messages.map(({ ReceiptHandle }) => ReceiptHandle)).size).toBe(13);
  });

  it('delivers a released message again, and a deleted message never', async () => {
    await ask('preload', { queue: `q${queues}`, body: 'copy', count: 2 });
    const [released, deleted] = await receive();
    const receiptOf = ({ ReceiptHandle }: { ReceiptHandle?: string | undefined }) => ({ Id: 'x', ReceiptHandle });
    const Entries = [{ ...receiptOf(released!), VisibilityTimeout: 0 }];
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: deleted!.ReceiptHandle }));
    const again = await receive();
    expect(again).toMatchObject([{ MessageId: released!.MessageId, Attributes: { ApproximateReceiveCount: '2' } }]);
  });

  it('counts requests, messages and billed units', async () => {
    const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(40_000) }));
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const messages = await receive();
    const deletes = messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: deletes }));
    expect((await ask('untilDeleted', 2)) as Counts).toMatchObject({
      requests: { SendMessageBatch: 1, ReceiveMessage: 1, DeleteMessageBatch: 1 },
      sent: 2,
      received: 2,
      deleted: 2,
      // Two units of 64 KiB for each direction, and one for the delete.
      billedUnits: 5,
    });
  });

  it('answers the requests that a client sends when it connects', async () => {
    expect(await client.send(new GetQueueUrlCommand({ QueueName: `q${queues}` }))).toMatchObject({ QueueUrl });
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    const { Attributes } = await client.send(command);
    expect(Attributes).toMatchObject({ QueueArn: expect.stringMatching(new RegExp(`:q${queues}$`)) });
  });
});
