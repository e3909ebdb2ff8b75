import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadService, SqsThriftTransport } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { openSqsQueue } from 'nestjs-sqs-thrift/port';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import thrift from 'thrift';
import BackupQueue from '../thrift/generated/transport/BackupQueue.js';
import { BackupRequest } from '../thrift/generated/transport/backup_types.js';
import { outcome } from './harness.js';

let sqs: EmbeddedSqs;
beforeAll(async () => {
  sqs = await startEmbeddedSqs();
});
afterAll(() => sqs.stop());

describe('a transport to SQS', () => {
  it('sends a call with the three lines of the documentation', async () => {
    const { endpoint, region, credentials } = sqs;
    const at = { queue: 'backup', endpoint, region, credentials };
    await sqs.createQueue('backup');
    const request = new BackupRequest({ id: 'b', userId: 'alice', requestedAt: new thrift.Int64(5) });

    const transport = await SqsThriftTransport.open(at);
    const client = thrift.createClient(BackupQueue, transport.connection());
    void client.startBackup(request);
    await transport.close();

    const queue = await openSqsQueue(at);
    const [message] = await queue.receive({ max: 10, waitSeconds: 1, visibilityTimeoutSeconds: 30 });
    await queue.close();
    expect(message).toMatchObject({ id: await transport.sent });
    const codec = createEventCodec([loadService('idl/backup.thrift', 'BackupQueue')]);
    expect(codec.decode(message!.body)).toMatchObject([
      { method: 'startBackup', args: { request: { id: 'b', userId: 'alice', requestedAt: 5n } } },
    ]);
  });

  it('rejects with a QueueError when the queue is missing', async () => {
    const { endpoint, region, credentials } = sqs;
    const opening = SqsThriftTransport.open({ queue: 'nowhere', endpoint, region, credentials });
    expect(await outcome(opening)).toMatch(/^QueueError: .*nowhere/);
  });
});
