import { describe, expect, it } from '@jest/globals';
import { SqsThriftTransport } from '#lib/apache/sqs-thrift-transport.js';
import { openSqsQueue } from '#lib/carriers/sqs/open-sqs-queue.js';
import { openSnsTopic } from '#lib/carriers/sqs/sns/open-sns-topic.js';
import { MemoryIdempotencyStore } from '#lib/idempotency/memory-idempotency-store.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchema, loadSchemaFromText } from '#lib/idl/load-schema.js';
import { ClientSqsThrift } from '#lib/nest/client/client-sqs-thrift.js';
import { ServerSqsThrift } from '#lib/nest/server/server-sqs-thrift.js';
import { createMemoryQueue } from '#lib/carriers/memory/memory-queue.js';
import { startEmbeddedSqs } from '#lib/testing.js';

const schema = loadSchemaFromText('service Jobs { oneway void run(1: i32 n) }');
const service = findService(schema, 'Jobs');
const topic = 'arn:aws:sns:eu-west-1:000000000000:news';

/** Everything that takes options, by the name in errors. */
const TAKERS: Readonly<Record<string, (options: never) => unknown>> = {
  ServerSqsThrift: (options: object) => new ServerSqsThrift({ queue: 'jobs', service, ...options } as never),
  ClientSqsThrift: (options: object) => new ClientSqsThrift({ queue: 'jobs', service, ...options } as never),
  openSqsQueue: (options: object) => openSqsQueue({ queue: 'jobs', ...options } as never),
  openSnsTopic: (options: object) => openSnsTopic({ topic, ...options } as never),
  createMemoryQueue: (options: object) => createMemoryQueue(options as never),
  SqsThriftTransport: (options: object) => SqsThriftTransport.open({ queue: 'jobs', ...options } as never),
  startEmbeddedSqs: (options: object) => startEmbeddedSqs(options as never),
  MemoryIdempotencyStore: (options: object) => new MemoryIdempotencyStore(options as never),
  loadSchema: (options: object) => loadSchema('idl/backup.thrift', options as never),
  loadSchemaFromText: (options: object) => loadSchemaFromText('', options as never),
};

async function textOf(taker: string, options: unknown): Promise<string> {
  try {
    await TAKERS[taker]!(options as never);
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

const NAMES = 'the options are';

describe('a mistake in options', () => {
  it.each<[taker: string, options: object, text: string]>([
    // Unknown names
    ['ServerSqsThrift', { concurency: 5 }, 'ServerSqsThrift: unknown option concurency; did you mean concurrency?'],
    ['ServerSqsThrift', { que: 'x' }, 'ServerSqsThrift: unknown option que; did you mean queue?'],
    ['ServerSqsThrift', { queueUrl: 'x' }, 'ServerSqsThrift: unknown option queueUrl; did you mean queue?'],
    [
      'ServerSqsThrift',
      { visibilityTimeout: 30 },
      'ServerSqsThrift: unknown option visibilityTimeout; did you mean visibilityTimeoutSeconds?',
    ],
    ['ServerSqsThrift', { waitTime: 20 }, 'ServerSqsThrift: unknown option waitTime; did you mean waitTimeSeconds?'],
    ['ServerSqsThrift', { batchSize: 10 }, 'ServerSqsThrift: unknown option batchSize; did you mean concurrency?'],
    [
      'ServerSqsThrift',
      { maxNumberOfMessages: 10 },
      'ServerSqsThrift: unknown option maxNumberOfMessages; did you mean concurrency?',
    ],
    ['ServerSqsThrift', { sqs: {} }, 'ServerSqsThrift: unknown option sqs; did you mean client?'],
    [
      'ServerSqsThrift',
      { retry: { baseSecond: 1 } },
      'unknown option retry.baseSecond; did you mean retry.baseSeconds?',
    ],
    [
      'ServerSqsThrift',
      { idempotency: { store: new MemoryIdempotencyStore(), retention: 5 } },
      'unknown option idempotency.retention; did you mean idempotency.retentionSeconds?',
    ],
    ['ServerSqsThrift', { limits: { elemnts: 5 } }, 'unknown option limits.elemnts; did you mean limits.elements?'],
    [
      'ServerSqsThrift',
      { envelope: { type: 'sns', topic } },
      'InvalidOption: unknown option envelope.topic; did you mean envelope.topics?',
    ],
    ['ClientSqsThrift', { queueName: 'x' }, 'ClientSqsThrift: unknown option queueName; did you mean queue?'],
    ['ClientSqsThrift', { lingerMS: 5 }, 'ClientSqsThrift: unknown option lingerMS; did you mean lingerMs?'],
    ['ClientSqsThrift', { pack: { maxByte: 5 } }, 'unknown option pack.maxByte; did you mean pack.maxBytes?'],
    ['ClientSqsThrift', { buffer: { call: 5 } }, 'unknown option buffer.call; did you mean buffer.calls?'],
    [
      'ClientSqsThrift',
      { largePayloads: { buket: 'x' } },
      'InvalidOption: unknown option largePayloads.buket; did you mean largePayloads.bucket?',
    ],
    [
      'ClientSqsThrift',
      { timeouts: { openMS: 5 } },
      'InvalidOption: unknown option timeouts.openMS; did you mean timeouts.openMs?',
    ],
    ['openSqsQueue', { endpoit: 'x' }, 'InvalidOption: openSqsQueue: unknown option endpoit; did you mean endpoint?'],
    [
      'openSqsQueue',
      { zebra: 1 },
      `InvalidOption: openSqsQueue: unknown option zebra; ${NAMES} queue, region, endpoint, credentials, client, dataPath, timeouts, md5, envelope, largePayloads`,
    ],
    ['openSnsTopic', { topicArn: 'x' }, 'InvalidOption: openSnsTopic: unknown option topicArn; did you mean topic?'],
    [
      'createMemoryQueue',
      { fifos: true },
      'InvalidOption: createMemoryQueue: unknown option fifos; did you mean fifo?',
    ],
    [
      'createMemoryQueue',
      { limits: { batchEntry: 1 } },
      'InvalidOption: unknown option limits.batchEntry; did you mean limits.batchEntries?',
    ],
    ['SqsThriftTransport', { protocl: 'json' }, 'SqsThriftTransport: unknown option protocl; did you mean protocol?'],
    ['startEmbeddedSqs', { prot: 4566 }, 'startEmbeddedSqs: unknown option prot; did you mean port?'],
    ['MemoryIdempotencyStore', { max: 5 }, 'MemoryIdempotencyStore: unknown option max; did you mean maxEntries?'],
    ['loadSchema', { includeDir: [] }, 'loadSchema: unknown option includeDir; did you mean includeDirs?'],
    ['loadSchemaFromText', { filename: 'x' }, 'loadSchemaFromText: unknown option filename; did you mean fileName?'],
    // Numbers, booleans and words given as something else
    [
      'ServerSqsThrift',
      { concurrency: '10' },
      'concurrency must be a whole number from 1 to 10 000, got the text "10"; use Number(process.env.X)',
    ],
    ['ServerSqsThrift', { concurrency: NaN }, 'concurrency must be a whole number from 1 to 10 000, got NaN'],
    [
      'ServerSqsThrift',
      { concurrency: null },
      'concurrency must be a whole number from 1 to 10 000, got null; leave the option out to get its default',
    ],
    [
      'ServerSqsThrift',
      { concurrency: 10n },
      'concurrency must be a whole number from 1 to 10 000, got the bigint 10; use Number(…)',
    ],
    [
      'ServerSqsThrift',
      { concurrency: true },
      'concurrency must be a whole number from 1 to 10 000, got the boolean true',
    ],
    [
      'ServerSqsThrift',
      { retry: { maxSeconds: '900' } },
      'retry.maxSeconds must be a number from 0 to 43 200, got the text "900"; use Number(process.env.X)',
    ],
    ['ServerSqsThrift', { retry: 5 }, 'retry must be an object, got 5'],
    [
      'ServerSqsThrift',
      { multiplexed: 'false' },
      'multiplexed must be true or false, got the text "false"; use process.env.X === \'true\'',
    ],
    [
      'ServerSqsThrift',
      { poisonPolicy: 'deadletter' },
      "poisonPolicy must be 'redrive' or 'dead-letter' or 'drop', got the text \"deadletter\"; did you mean 'dead-letter'?",
    ],
    ['ServerSqsThrift', { transportId: 'MAILS' }, 'transportId must be a symbol, got the text "MAILS"'],
    ['ServerSqsThrift', { classifyError: 'retry' }, 'classifyError must be a function, got the text "retry"'],
    [
      'ServerSqsThrift',
      { limits: { depth: '64' } },
      'limits.depth must be a whole number from 1 to 512, got the text "64"; use Number(process.env.X)',
    ],
    [
      'ServerSqsThrift',
      { timeouts: { openMs: '4500' } },
      'InvalidOption: timeouts.openMs must be a whole number from 1 to 2 147 483 647, got the text "4500"; use Number(process.env.X)',
    ],
    [
      'ClientSqsThrift',
      { pack: 'true' },
      'pack must be true or false, got the text "true"; use process.env.X === \'true\'',
    ],
    [
      'ClientSqsThrift',
      { strictOrder: 'false' },
      'strictOrder must be true or false, got the text "false"; use process.env.X === \'true\'',
    ],
    ['ClientSqsThrift', { eventIds: 1 }, 'eventIds must be true or false, got 1'],
    [
      'ClientSqsThrift',
      { largePayloads: { bucket: 'large', deletePayloads: 'false' } },
      'InvalidOption: largePayloads.deletePayloads must be true or false, got the text "false"; use process.env.X === \'true\'',
    ],
    [
      'createMemoryQueue',
      { delaySeconds: '5' },
      'InvalidOption: delaySeconds must be a whole number from 0 to 900, got the text "5"; use Number(process.env.X)',
    ],
    [
      'createMemoryQueue',
      { fifo: 'true' },
      'InvalidOption: fifo must be true or false, got the text "true"; use process.env.X === \'true\'',
    ],
    ['SqsThriftTransport', { onError: true }, 'onError must be a function, got the boolean true'],
    [
      'MemoryIdempotencyStore',
      { maxEntries: '100' },
      'maxEntries must be a whole number from 1 to 10 000 000, got the text "100"; use Number(process.env.X)',
    ],
    [
      'startEmbeddedSqs',
      { port: '4566' },
      'port must be a whole number from 0 to 65 535, got the text "4566"; use Number(process.env.X)',
    ],
  ])('of %s is refused: %j', async (taker, options, text) => {
    expect(await textOf(taker, options)).toBe(text);
  });

  it.each([[undefined], [null], ['jobs'], [[]]])('is no object at all: %j', (options) => {
    const got =
      options === undefined
        ? 'undefined'
        : { object: options === null ? 'null' : 'an array', string: 'the text "jobs"' }[typeof options as 'object'];
    expect(() => new ServerSqsThrift(options as never)).toThrow(
      new TypeError(`ServerSqsThrift: the options must be an object, got ${got}`),
    );
  });

  it('does not repeat a name that could be no identifier as it is', async () => {
    expect(await textOf('MemoryIdempotencyStore', { 'a\nb': 1 })).toContain('unknown option "a\\nb"; ');
  });
});
