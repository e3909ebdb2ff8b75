import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { resolveHttpReceiverOptions } from '#lib/carriers/http/http-receiver-options.js';
import { resolveHttpSenderOptions } from '#lib/carriers/http/http-sender-options.js';
import { resolveInboxOptions } from '#lib/carriers/inbox/inbox-options.js';
import { resolveReceiverOptions, resolveSenderOptions } from '#lib/carriers/socket/socket-options.js';
import {
  resolveSqsQueueOptions,
  SQS_QUEUE_OPTION_NAMES,
  type SqsQueueOptions,
} from '#lib/carriers/sqs/sqs-queue-options.js';
import { resolveStarlingOptions } from '#lib/carriers/starling/starling-options.js';
import { pickOptions } from '#lib/common/option-names.js';
import { resolveConsumeOptions } from '#lib/consume/consume-options.js';
import type { RetryPolicy } from '#lib/consume/retry-policy.js';
import { createEventCodec } from '#lib/event/event-codec.js';
import { ClientThriftHttp, ServerThriftHttp, THRIFT_HTTP } from '#lib/http.js';
import { findService, loadSchemaFromText } from '#lib/idl.js';
import {
  ClientSqsThrift,
  MemoryIdempotencyStore,
  ServerSqsThrift,
  SQS_THRIFT,
  SqsThriftTransport,
} from '#lib/index.js';
import { leaselessSettings } from '#lib/nest/server/leaseless-options.js';
import { resolveQueueSettings } from '#lib/nest/server/open-queues.js';
import { settingsOf } from '#lib/nest/starling/server-thrift-starling-options.js';
import { resolvePublishOptions } from '#lib/publish/publish-options.js';
import { systemClock } from '#lib/queue/clock.js';
import { ClientThriftSocket, ServerThriftSocket, THRIFT_SOCKET } from '#lib/socket.js';
import { ClientThriftStarling, ServerThriftStarling, THRIFT_STARLING } from '#lib/starling.js';
import { ClientThriftMemory, RecordingClient, ServerThriftMemory, startEmbeddedSqs } from '#lib/testing.js';
import { resolveLimits } from '#lib/thrift/limits.js';
import { anchorsOf, linksOf, readPage, rowsOf, tablesOf, wrongRows } from './option-tables.js';

// A strategy that is not started warns after 5 s.
Logger.overrideLogger(false);

type Defaults = Readonly<Record<string, unknown>>;

const service = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 n = 5) }'), 'Jobs');
const basic = { service, queue: 'jobs' };
const store = new MemoryIdempotencyStore();
const topics = ['arn:aws:sns:eu-west-1:000000000000:news'];

/** Adds the name of an object to the names of its options. */
function within(name: string, options: object): Defaults {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [`${name}.${key}`, value as unknown]));
}

/** Reads the options of a retry policy from the delays that it computes. */
function retryDefaults({ delay, maxReceives }: RetryPolicy): Defaults {
  const delayAt = (receiveCount: number, random = 1): number =>
    delay({ receiveCount, elapsedMs: 0, leaseSeconds: 0 }, () => random);
  const baseSeconds = delayAt(1);
  const jitter = 1 - delayAt(1, 0) / baseSeconds;
  return within('retry', {
    baseSeconds,
    factor: delayAt(2) / baseSeconds,
    maxSeconds: delayAt(99),
    jitter,
    maxReceives,
  });
}

const consumed = resolveConsumeOptions({ idempotency: { store } });
const { retentionSeconds } = consumed.idempotency!;
const worker: Defaults = {
  ...consumed,
  ...retryDefaults(consumed.retry),
  ...within('idempotency', { retentionSeconds }),
  ...resolveQueueSettings({ service }),
};

const published = resolvePublishOptions();
const client: Defaults = {
  ...published,
  ...within('buffer', { calls: published.bufferCalls, bytes: published.bufferBytes }),
  ...within('pack', { maxBytes: resolvePublishOptions({ pack: true }).pack!.maxBytes }),
  pack: published.pack !== undefined,
};

const found = resolveSqsQueueOptions({
  queue: 'jobs',
  largePayloads: { bucket: 'bodies' },
  envelope: { type: 'sns', topics },
});
const { maxBytes, prefix, reservedAttribute, deletePayloads } = found.largePayloads!;
const sqs: Defaults = {
  ...found,
  ...within('timeouts', found.timeouts),
  ...within('largePayloads', { maxBytes, prefix, reservedAttribute, deletePayloads }),
  ...within('envelope', { verify: found.envelope!.verify }),
};

const events = createEventCodec([service]);
const call = { method: 'run', args: {} };

function reads(body: Buffer): boolean {
  try {
    return events.decode(body).length === 1;
  } catch {
    return false;
  }
}

/** A message without the version word: length and name, type ONEWAY, sequence id, and no arguments. */
const oldMessage = Buffer.from('\0\0\0\x03run\x04\0\0\0\0\0', 'latin1');
const codec: Defaults = {
  ...within('limits', resolveLimits()),
  multiplexed: events.encode(call).includes('Jobs:run'),
  writeDefaults: events.encode(call).equals(createEventCodec([service], { writeDefaults: true }).encode(call)),
  lenient: reads(Buffer.concat([events.encode(call), Buffer.from('?')])),
  oldBinary: reads(oldMessage),
};

const inbox = resolveInboxOptions({ name: '', clock: systemClock, messageBytes: 1 });
const { retry, poisonPolicy } = leaselessSettings({ service }, THRIFT_SOCKET);
const leaseless: Defaults = {
  maxMessages: inbox.maxMessages,
  maxBytes: inbox.maxBytes,
  maxRetrySeconds: inbox.maxRetryMs / 1000,
  'retry.maxReceives': retry!.maxReceives,
  poisonPolicy,
};

const { queue: _queue, ...starling } = resolveStarlingOptions({ queue: 'jobs' });
const { retry: starlingRetry, poisonPolicy: starlingPolicy } = settingsOf(basic);

const http = { service, url: 'http://localhost/' };
const recorder = new RecordingClient({ service });
const TRANSPORTS = Object.entries({ SQS_THRIFT, THRIFT_HTTP, THRIFT_SOCKET, THRIFT_STARLING });

/** Checks options of a transport, and always fails before it opens a queue. */
async function openTransport(options: object): Promise<unknown> {
  const { queue = 'jobs', ...others } = pickOptions(options as Partial<SqsQueueOptions>, SQS_QUEUE_OPTION_NAMES);
  resolveSqsQueueOptions({ ...others, queue });
  return SqsThriftTransport.open({ queue: 'jobs', flushTimeoutMs: -1, ...options });
}

interface Target {
  /** Anchor of the section. */
  readonly section: string;
  /** Sides of the carrier whose rows and sentences apply. The first one gives the sentence. */
  readonly sides: readonly string[];
  /** Takes options, and throws for a wrong option. */
  readonly build: (options: object) => unknown;
  readonly defaults: Defaults;
}

interface Strategy {
  readonly transportId: symbol;
}

function workerOf(section: string, build: (options: object) => Strategy, own: object): Target {
  const [transportId] = TRANSPORTS.find(([, symbol]) => symbol === build({}).transportId)!;
  return { section, sides: ['worker'], build, defaults: { ...worker, ...codec, ...own, transportId } };
}

function clientOf(section: string, build: (options: object) => unknown, own: object): Target {
  return { section, sides: ['client'], build, defaults: { ...client, ...codec, ...own } };
}

const TARGETS: readonly Target[] = [
  workerOf('worker-over-sqs', (options) => new ServerSqsThrift({ ...basic, ...options }), sqs),
  clientOf('client-over-sqs', (options) => new ClientSqsThrift({ ...basic, ...options }), sqs),
  workerOf('memory', (options) => new ServerThriftMemory({ ...basic, ...options }), {}),
  clientOf('memory', (options) => new ClientThriftMemory({ ...basic, ...options }), {}),
  workerOf('sockets', (options) => new ServerThriftSocket({ service, ...options }), {
    ...leaseless,
    ...resolveReceiverOptions({}),
  }),
  clientOf('sockets', (options) => new ClientThriftSocket({ service, ...options }), resolveSenderOptions({})),
  workerOf('http', (options) => new ServerThriftHttp({ service, port: 0, ...options }), {
    ...resolveHttpReceiverOptions({}),
    ...leaseless,
  }),
  clientOf('http', (options) => new ClientThriftHttp({ ...http, ...options }), {
    ...resolveHttpSenderOptions({ url: http.url }),
    maxInFlight: new ClientThriftHttp(http)['publisher']['parts'].options.maxInFlight,
  }),
  workerOf('starling-and-kestrel', (options) => new ServerThriftStarling({ ...basic, ...options }), {
    ...starling,
    'retry.maxReceives': starlingRetry!.maxReceives,
    poisonPolicy: starlingPolicy,
  }),
  clientOf('starling-and-kestrel', (options) => new ClientThriftStarling({ ...basic, ...options }), starling),
  clientOf('recordingclient', (options) => new RecordingClient({ service, ...options }), {
    queue: recorder['queueName'](undefined),
  }),
  // A transport only sends, and accepts the options of a receiver as well.
  {
    section: 'sqsthrifttransport',
    sides: ['transport', 'worker'],
    build: openTransport,
    defaults: { ...client, ...sqs },
  },
  // Without a listener that is no function, the server would start.
  {
    section: 'startembeddedsqs',
    sides: ['server'],
    build: (options) => startEmbeddedSqs({ ...options, onSend: '?' as never }),
    defaults: {},
  },
];

/** Options of objects that other options of the same object need. */
const NEEDED: Readonly<Record<string, object>> = {
  envelope: { type: 'sns', topics },
  idempotency: { store },
  largePayloads: { bucket: 'bodies' },
};

/** The default of `startEmbeddedSqs`, which only a running server shows. */
const UNREAD = new Set(['region']);

const text = readFileSync('docs/options.md', 'utf8');
const page = readPage(text);

describe('the page of options', () => {
  it.each(TARGETS.map((target) => [target.section, target.sides[0]!, target] as const))(
    'has exactly the options, defaults, ranges and choices of the code: %s, %s',
    async (section, _side, { sides, build, defaults }) => {
      const rows = rowsOf(page, section, sides);
      expect(rows.size).toBeGreaterThan(2);
      expect(await wrongRows(rows, { build, defaults, needed: NEEDED, unread: UNREAD })).toEqual([]);
    },
  );

  it('has no section that is compared with no code', () => {
    const compared = TARGETS.flatMap(({ section, sides }) => tablesOf(page, section, sides[0]!));
    expect([...page.keys()].filter((section) => !compared.includes(section))).toEqual([]);
  });

  it('links to headings that exist', () => {
    const links = linksOf(text).map(({ file, anchor }) => [join('docs', file || 'options.md'), anchor] as const);
    const isBroken = ([path, anchor]: readonly [string, string]): boolean =>
      !existsSync(path) || (anchor !== '' && !anchorsOf(readFileSync(path, 'utf8')).includes(anchor));
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter(isBroken)).toEqual([]);
    expect(isBroken(['docs/handling.md', 'no-such-heading'])).toBe(true);
  });
});
