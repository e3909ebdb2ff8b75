import { afterEach, describe, expect, it } from '@jest/globals';
import { ClientProxyFactory, ClientsModule } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { type SqsThriftTransportOptions, type ThriftTransportOptions } from '#lib/apache/call-buffer.js';
import { SqsThriftTransport } from '#lib/apache/sqs-thrift-transport.js';
import { type LargePayloadOptions, resolveLargePayloads } from '#lib/carriers/sqs/extended/large-payload-options.js';
import type { SnsEnvelopeOptions } from '#lib/carriers/sqs/sns/sns-envelope-options.js';
import type { SnsTopicOptions } from '#lib/carriers/sqs/sns/sns-topic-options.js';
import { resolveSqsQueueOptions, type SqsQueueOptions, type SqsTimeouts } from '#lib/carriers/sqs/sqs-queue-options.js';
import { type MemoryQueueOptions, resolveMemoryQueueOptions } from '#lib/carriers/memory/memory-queue-options.js';
import { CONSUME_OPTION_NAMES, type ConsumeOptions, resolveConsumeOptions } from '#lib/consume/consume-options.js';
import type { IdempotencyOptions } from '#lib/consume/middleware/idempotency.js';
import type { RetryOptions } from '#lib/consume/retry-policy.js';
import { createEventCodec, EVENT_CODEC_OPTION_NAMES, type EventCodecOptions } from '#lib/event/event-codec.js';
import type { MemoryIdempotencyStoreOptions } from '#lib/idempotency/memory-idempotency-store.js';
import { findService } from '#lib/idl/find-service.js';
import { type LoadSchemaOptions, loadSchemaFromText, type TextSchemaOptions } from '#lib/idl/load-schema.js';
import { ClientSqsThrift } from '#lib/nest/client/client-sqs-thrift.js';
import { CLIENT_SQS_OPTION_NAMES, type ClientSqsThriftOptions } from '#lib/nest/client/client-options.js';
import { SERVER_OPTION_NAMES } from '#lib/nest/server/server-options.js';
import { ServerSqsThrift, type ServerSqsThriftOptions } from '#lib/nest/server/server-sqs-thrift.js';
import {
  type BufferOptions,
  type PackOptions,
  PUBLISH_OPTION_NAMES,
  type PublishOptions,
  resolvePublishOptions,
} from '#lib/publish/publish-options.js';
import type { EmbeddedSqsOptions } from '#lib/testing.js';
import type { ThriftLimitOptions } from '#lib/thrift/limits.js';
import { closeAll, closeLater } from './harness.js';

const service = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 n) }'), 'Jobs');

/** An options type whose optional options also take undefined. */
type Explicit<Options> = {
  [Name in keyof Options]: object extends Pick<Options, Name> ? Options[Name] | undefined : Options[Name];
};

/** Compiles only if every optional option of the type takes undefined under `exactOptionalPropertyTypes`. */
type TakesUndefined<Options> = Explicit<Options> extends Options ? true : false;

const TAKES_UNDEFINED: readonly true[] = [
  true satisfies TakesUndefined<ServerSqsThriftOptions>,
  true satisfies TakesUndefined<ClientSqsThriftOptions>,
  true satisfies TakesUndefined<SqsThriftTransportOptions>,
  true satisfies TakesUndefined<ThriftTransportOptions>,
  true satisfies TakesUndefined<SqsQueueOptions>,
  true satisfies TakesUndefined<SqsTimeouts>,
  true satisfies TakesUndefined<SnsTopicOptions>,
  true satisfies TakesUndefined<SnsEnvelopeOptions>,
  true satisfies TakesUndefined<LargePayloadOptions>,
  true satisfies TakesUndefined<MemoryQueueOptions>,
  true satisfies TakesUndefined<NonNullable<MemoryQueueOptions['limits']>>,
  true satisfies TakesUndefined<ConsumeOptions>,
  true satisfies TakesUndefined<RetryOptions>,
  true satisfies TakesUndefined<IdempotencyOptions>,
  true satisfies TakesUndefined<MemoryIdempotencyStoreOptions>,
  true satisfies TakesUndefined<PublishOptions>,
  true satisfies TakesUndefined<PackOptions>,
  true satisfies TakesUndefined<BufferOptions>,
  true satisfies TakesUndefined<EventCodecOptions>,
  true satisfies TakesUndefined<ThriftLimitOptions>,
  true satisfies TakesUndefined<LoadSchemaOptions>,
  true satisfies TakesUndefined<TextSchemaOptions>,
  true satisfies TakesUndefined<EmbeddedSqsOptions>,
];

// @ts-expect-error An optional option that does not take undefined must not compile.
TAKES_UNDEFINED satisfies TakesUndefined<{ readonly port?: number }>[];

/** Sets every option of a table to undefined. */
function undefinedFor(names: Readonly<Record<string, true>>): object {
  return Object.fromEntries(Object.keys(names).map((name) => [name, undefined]));
}

describe('options that are undefined', () => {
  it('compile for every options type', () => {
    expect(TAKES_UNDEFINED).toHaveLength(23);
  });

  it('count as absent', () => {
    const functions = (value: unknown): string =>
      JSON.stringify(value, (_, item: unknown) => (typeof item === 'function' ? 'a function' : item));
    expect(functions(resolveConsumeOptions(undefinedFor(CONSUME_OPTION_NAMES)))).toBe(
      functions(resolveConsumeOptions()),
    );
    expect(resolvePublishOptions(undefinedFor(PUBLISH_OPTION_NAMES))).toEqual(resolvePublishOptions());
    const packed = {
      pack: { maxBytes: undefined, lingerMs: undefined },
      buffer: { calls: undefined, bytes: undefined },
    };
    expect(resolvePublishOptions(packed)).toEqual(resolvePublishOptions({ pack: true }));
    const memory = { name: undefined, clock: undefined, fifo: undefined, contentBasedDeduplication: undefined };
    const none = { ...memory, delaySeconds: undefined, redrive: undefined, limits: { messageBytes: undefined } };
    expect(resolveMemoryQueueOptions(none)).toEqual(resolveMemoryQueueOptions({}));
    const timeouts = { openMs: undefined, requestMs: undefined, receiveExtraMs: undefined };
    const access = { region: undefined, endpoint: undefined, credentials: undefined, client: undefined };
    expect(
      resolveSqsQueueOptions({ queue: 'q', ...access, timeouts, envelope: undefined, largePayloads: undefined }),
    ).toEqual(resolveSqsQueueOptions({ queue: 'q' }));
    const large = { buckets: undefined, threshold: undefined, maxBytes: undefined, prefix: undefined, ...access };
    expect(resolveLargePayloads('q', { bucket: 'large', ...large, deletePayloads: undefined })).toEqual(
      resolveLargePayloads('q', { bucket: 'large' }),
    );
    const codec = createEventCodec([service], {
      ...undefinedFor(EVENT_CODEC_OPTION_NAMES),
      limits: { depth: undefined },
    });
    expect(codec.encode({ method: 'run', args: { n: 1 } })).toEqual(
      createEventCodec([service]).encode({ method: 'run', args: { n: 1 } }),
    );
  });

  it('count as absent for a strategy and for a client', () => {
    const server = { ...undefinedFor(SERVER_OPTION_NAMES), deadLetterQueue: undefined, queue: 'jobs', service };
    expect(new ServerSqsThrift(server).transportId).toBe(new ServerSqsThrift({ queue: 'jobs', service }).transportId);
    const client = { ...undefinedFor(CLIENT_SQS_OPTION_NAMES), queue: 'jobs', service };
    expect(closeLater(new ClientSqsThrift(client))).toBeInstanceOf(ClientSqsThrift);
  });
});

describe('options that are right', () => {
  afterEach(closeAll);

  const everything = { queue: 'jobs', service, region: 'eu-west-1', concurrency: 2, protocol: 'json' } as const;

  it('reach the queue of a strategy, of a client and of a transport without those of the engine', async () => {
    const endpoint = 'http://127.0.0.1:1';
    const access = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
    const timeouts = { openMs: 50 };
    const server = new ServerSqsThrift({ ...everything, ...access, timeouts });
    const failed = new Promise<unknown>((resolve) => server.listen(resolve));
    expect(await failed).toMatchObject({ name: 'QueueError', kind: 'network' });
    await server.close();
    const client = closeLater(
      new ClientSqsThrift({ queue: 'jobs', service, pack: true, ...access, timeouts, maxAttempts: 1 }),
    );
    await expect(client.connect()).rejects.toMatchObject({ name: 'QueueError', kind: 'network' });
    const transport = SqsThriftTransport.open({ queue: 'jobs', protocol: 'json', maxAttempts: 1, ...access, timeouts });
    await expect(transport).rejects.toMatchObject({ name: 'QueueError', kind: 'network' });
  });

  it('arrive unchanged through ClientsModule and ClientProxyFactory', async () => {
    const options = { queue: 'jobs', service };
    const customClass = ClientSqsThrift as never;
    expect(ClientProxyFactory.create({ customClass, options })).toBeInstanceOf(ClientSqsThrift);
    const module = await Test.createTestingModule({
      imports: [
        ClientsModule.register([{ name: 'A', customClass, options }]),
        ClientsModule.registerAsync([{ name: 'B', useFactory: () => ({ customClass, options }) }]),
      ],
    }).compile();
    for (const name of ['A', 'B']) expect(module.get<unknown>(name)).toBeInstanceOf(ClientSqsThrift);
    await module.close();
  });
});
