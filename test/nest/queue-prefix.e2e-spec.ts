import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { ClientThriftStarling, ServerThriftStarling } from 'nestjs-sqs-thrift/starling';
import {
  ClientThriftMemory,
  type EmbeddedSqs,
  MemoryBroker,
  RecordingClient,
  ServerThriftMemory,
  startEmbeddedSqs,
} from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll } from './harness.js';
import { startJobs } from './memory/harness.js';

const IDL = (annotation: string): string =>
  `struct Job { 1: required i32 id } service Jobs { oneway void run(1: Job job) } ${annotation}`;
const OnJobs = findService(loadSchemaFromText(IDL('(sqs.queue = "jobs")')), 'Jobs');
const Open = findService(loadSchemaFromText(IDL('')), 'Jobs');
const call = { job: { id: 1 } };

beforeAll(() => {
  Logger.overrideLogger(false);
});

afterEach(closeAll);

describe('the option queuePrefix', () => {
  it.each([
    ['of the contract', { service: OnJobs }, {}],
    ['of the options', { service: Open, queue: 'jobs' }, { queue: 'jobs' }],
  ])('begins the name %s, on both sides and for dead letters', async (_, client, server) => {
    const broker = new MemoryBroker();
    const queuePrefix = 'staging-';
    const poison = { poisonPolicy: 'dead-letter', deadLetterQueue: 'failed' } as const;
    const strategy = new ServerThriftMemory({ service: client.service, broker, queuePrefix, ...server, ...poison });
    const handled: number[] = [];
    await startJobs(strategy, (id) => handled.push(id));
    const emitting = new ClientThriftMemory({ ...client, broker, queuePrefix });
    await lastValueFrom(emitting.emit('run', call));
    await broker.queue('staging-jobs').send([{ body: 'not base64!' }]);
    await strategy.untilEmpty();
    expect(handled).toEqual([1]);
    expect(broker.queue('staging-failed').messages()).toHaveLength(1);
    await emitting.close();
  });

  it('leaves the names that queueNames maps to as they are', async () => {
    const broker = new MemoryBroker();
    const client = new ClientThriftMemory({ service: OnJobs, broker, queuePrefix: 'a-', queueNames: { jobs: 'b' } });
    await lastValueFrom(client.emit('run', call));
    expect(broker.queue('b').messages()).toHaveLength(1);
    await client.close();
  });

  it.each<[unknown, string]>([
    [7, 'got 7'],
    [null, 'got null; leave the option out to get its default'],
    ['https://sqs/', 'got the text "https://sqs/"'],
  ])('refuses %j, and says what it takes', (queuePrefix, got) => {
    const text = `option queuePrefix must be letters, digits, hyphens and underscores, such as 'staging-', ${got}`;
    const options = { service: OnJobs, queuePrefix: queuePrefix as string };
    for (const create of [
      () => new ClientSqsThrift(options),
      () => new ServerSqsThrift(options),
      () => new ClientThriftMemory(options),
      () => new ServerThriftMemory(options),
      () => new ClientThriftStarling(options),
      () => new ServerThriftStarling(options),
      () => new RecordingClient(options),
    ])
      expect(create).toThrow(new TypeError(text));
  });
});

describe('the option queuePrefix at an SQS', () => {
  let sqs: EmbeddedSqs;
  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
  });
  afterAll(() => sqs.stop());

  it('begins names, and no URLs', async () => {
    const { endpoint, region, credentials } = sqs;
    const { url } = await sqs.createQueue('staging-jobs');
    const options = { service: Open, endpoint, region, credentials, queuePrefix: 'staging-' };
    const byName = new ClientSqsThrift({ ...options, queue: 'jobs' });
    const byUrl = new ClientSqsThrift({ ...options, queue: url });
    await Promise.all([byName, byUrl].map((client) => lastValueFrom(client.emit('run', call))));
    const strategy = new ServerSqsThrift({ ...options, queue: 'jobs' });
    let handled = 0;
    const both = new Promise<void>((resolve) =>
      strategy.on('settled', () => {
        handled += 1;
        if (handled === 2) resolve();
      }),
    );
    class Module {}
    const app = await ThriftFactory.createMicroservice(Module, strategy, { logger: false });
    await app.listen();
    await both;
    await app.close();
    await Promise.all([byName.close(), byUrl.close()]);
  });
});
