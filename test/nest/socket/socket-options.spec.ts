import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { SqsThriftRecordBuilder, ThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { firstValueFrom } from 'rxjs';
import { openSocketReceiver } from '../../../lib/carriers/socket/socket-receiver.js';
import { Jobs } from '../harness.js';

const sender = createMemoryQueue();

describe('the options of ServerThriftSocket', () => {
  it.each<[string, object, RegExp]>([
    ['an unknown option', { prot: 1 }, /unknown option prot; did you mean port\?/],
    ['an option of carriers with leases', { visibilityTimeoutSeconds: 30 }, /unknown option visibilityTimeoutSeconds/],
    ['a poll', { waitTimeSeconds: 20 }, /unknown option waitTimeSeconds/],
    ['redrive', { poisonPolicy: 'redrive' }, /poisonPolicy must be 'drop' or 'dead-letter'/],
    ['a dead-letter queue without its policy', { deadLetterQueue: sender }, /need each other/],
    ['the policy without its queue', { poisonPolicy: 'dead-letter' }, /need each other/],
    ['the name of a queue', { poisonPolicy: 'dead-letter', deadLetterQueue: 'dlq' }, /must be a sender or a function/],
    ['a port that is a text', { port: '3000' }, /port must be/],
    ['a port out of range', { port: 65_536 }, /port must be/],
    ['an empty host', { host: '' }, /host must not be empty/],
    ['TLS options that are no object', { tlsOptions: true }, /tlsOptions must be an object/],
    ['a frame length above 256 MiB', { maxFrameBytes: 2 ** 28 + 1 }, /maxFrameBytes must be/],
    ['a timeout of 0', { incompleteMessageTimeout: 0 }, /incompleteMessageTimeout must be/],
    ['no connections', { maxConnections: 0 }, /maxConnections must be/],
    ['no messages', { maxMessages: 0 }, /maxMessages must be/],
    ['an unknown option of retry', { retry: { times: 3 } }, /unknown option retry\.times/],
    ['a retry that is no object', { retry: 'never' }, /retry must be an object/],
  ])('refuse %s', (_, options, error) => {
    expect(() => new ServerThriftSocket({ service: Jobs, ...options })).toThrow(error);
  });
});

describe('the options of ClientThriftSocket', () => {
  it.each<[string, object, RegExp]>([
    ['an unknown option', { frame: true }, /unknown option frame; did you mean framed\?/],
    ['shared bodies', { pack: true }, /unknown option pack/],
    ['event ids', { eventIds: true }, /unknown option eventIds/],
    ['port 0', { port: 0 }, /port must be/],
    ['framed that is no boolean', { framed: 'yes' }, /framed must be/],
    ['a timeout of 0', { connectTimeoutMs: 0 }, /connectTimeoutMs must be/],
  ])('refuse %s', (_, options, error) => {
    expect(() => new ClientThriftSocket({ service: Jobs, ...options })).toThrow(error);
  });

  it('refuse what a socket cannot carry, where the caller asks for it', async () => {
    const receiver = await openSocketReceiver({ host: '127.0.0.1', port: 0 });
    Logger.overrideLogger(false);
    const client = new ClientThriftSocket({ host: '127.0.0.1', port: receiver.address.port, service: Jobs });
    const args = { job: { id: 1 } };
    const records: [unknown, string, RegExp][] = [
      [
        new ThriftRecordBuilder(args).setAttributes({ tenant: 'a' }).build(),
        'attributes-refused',
        /carries no attributes/,
      ],
      [new ThriftRecordBuilder(args).setGroupId('g').build(), 'attributes-refused', /a message group id/],
      [new SqsThriftRecordBuilder(args).setDeduplicationId('d').build(), 'attributes-refused', /a deduplication id/],
      [new SqsThriftRecordBuilder(args).setDelay(5).build(), 'delay-refused', /takes no delay/],
    ];
    for (const [record, code, message] of records) {
      await expect(firstValueFrom(client.emit('run', record))).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    }
    await client.close();
    await receiver.close();
  });
});
