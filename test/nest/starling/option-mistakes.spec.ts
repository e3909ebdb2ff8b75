import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { ClientThriftStarling, ServerThriftStarling } from 'nestjs-sqs-thrift/starling';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';

const schema = loadSchemaFromText(`
  service Jobs { oneway void run() }
  service Queued { oneway void run(1: i32 id) (sqs.queue = "jobs.fifo", sqs.group = "id", sqs.dedup = "id") }
  service Named { oneway void run() (sqs.queue = "jobs") }`);
const service = findService(schema, 'Jobs');

// A strategy that nobody starts says so after some seconds.
beforeAll(() => void Logger.overrideLogger(false));

const server = (options: object): unknown => new ServerThriftStarling({ queue: 'jobs', service, ...options } as never);
const client = (options: object): unknown => new ClientThriftStarling({ queue: 'jobs', service, ...options } as never);

describe('a mistake in the options of ServerThriftStarling', () => {
  it.each([
    [{ visibilityTimeoutSeconds: 30 }, 'ServerThriftStarling: unknown option visibilityTimeoutSeconds'],
    [{ waitTimeSeconds: 20 }, 'unknown option waitTimeSeconds'],
    [{ maxPollers: 4 }, 'unknown option maxPollers'],
    [{ maxDeadLetters: 4 }, 'unknown option maxDeadLetters'],
    [{ region: 'eu-west-1' }, 'unknown option region'],
    [{ prot: 22_133 }, 'unknown option prot; did you mean port?'],
    [{ poisonPolicy: 'redrive' }, "poisonPolicy must be 'dead-letter' or 'drop'"],
    [{ poisonPolicy: 'drop', errorQueue: 'jobs-bad' }, "errorQueue would never be used with poisonPolicy: 'drop'"],
    [
      { poisonPolicy: 'drop', deadLetterQueue: createMemoryQueue() },
      "deadLetterQueue would never be used with poisonPolicy: 'drop'",
    ],
    [
      { errorQueue: 'bad', deadLetterQueue: createMemoryQueue() },
      'options errorQueue and deadLetterQueue exclude each other',
    ],
    [{ deadLetterQueue: 'bad' }, 'option deadLetterQueue must be a sender or a function that opens one'],
    [{ errorQueue: 'jobs' }, 'option errorQueue must be another queue than jobs'],
    [{ errorQueue: 'jobs.errors' }, 'option errorQueue must be 1 to 250 letters'],
    [{ queue: 'a+b' }, 'several queues'],
    [{ queue: 'x'.repeat(247) }, 'option errorQueue must be 1 to 250 letters'],
    [{ queue: undefined }, 'option queue is missing, and the contract names no queue'],
    [{ queue: undefined, service: findService(schema, 'Queued') }, 'got the text "jobs.fifo"'],
    [{ dialect: 'memcached' }, "dialect must be 'auto' or 'kestrel' or 'starling'"],
    [{ host: 'kestrel.example/jobs' }, 'host must be a host name or an address'],
    [{ port: 70_000 }, 'port must be a whole number from 1 to 65 535'],
    [{ timeoutMs: 1 }, 'timeoutMs must be a whole number from 100 to 600 000'],
    [{ maxRetrying: 0 }, 'maxRetrying must be a whole number from 1 to 10 000'],
    [{ concurrency: 0 }, 'concurrency must be a whole number from 1 to 10 000'],
    [{ retry: 'never' }, 'retry must be an object'],
    [{ retry: { maxRecieves: 3 } }, 'did you mean retry.maxReceives?'],
  ])('is refused with its name: %j', (options, text) => {
    expect(() => server(options)).toThrow(text);
  });

  it('is not there without options, or with the queue of the contract', () => {
    expect(() => server({})).not.toThrow();
    expect(() => server({ queue: undefined, service: findService(schema, 'Named') })).not.toThrow();
    expect(() => server({ queue: 'x'.repeat(250), deadLetterQueue: createMemoryQueue() })).not.toThrow();
  });
});

describe('a mistake in the options of ClientThriftStarling', () => {
  it.each([
    [{ pack: true }, 'ClientThriftStarling: unknown option pack'],
    [{ eventIds: true }, 'unknown option eventIds'],
    [{ strictOrder: true }, 'unknown option strictOrder'],
    [{ topic: 'news' }, 'unknown option topic'],
    [{ queue: 'a/b' }, 'A slash separates a name from options'],
    [{ queue: undefined }, 'option queue is missing'],
    [{ queue: undefined, service: findService(schema, 'Queued') }, 'got the text "jobs.fifo"'],
    [{ queueNames: { other: 'x' } }, 'the contract names no queue'],
    [{ port: '22133' }, 'port must be a whole number'],
    [{ maxInFlight: 0 }, 'maxInFlight must be a whole number'],
  ])('is refused with its name: %j', (options, text) => {
    expect(() => client(options)).toThrow(text);
  });
});
