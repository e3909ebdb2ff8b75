import { type Broker, type BrokerName, missingBroker, startBroker } from '../brokers/brokers.js';
import type { OwnConsumerOptions } from '../flow/own-consumer.js';
import type { OwnProducerOptions } from '../flow/own-producer.js';
import { type RivalWorkspace } from '../kit/packages.js';
import { programOf, rivalParts } from '../kit/rival.js';
import type { RawOptions } from './raw-options.js';
import type { QueueServer } from '../queue-server/start.js';

/** Holds options for producer and consumer, and ends the broker between them. */
interface Between {
  readonly consumer: object;
  /** Returns options of the producer from the answer of the consumer, which then handles events. */
  readonly producer: (answer: unknown) => object;
  readonly close: () => Promise<void>;
}

/** A way from `emit` in one process to a handler in another. */
export interface Way {
  readonly name: string;
  /** Events of a sample at full load. */
  readonly events: number;
  readonly missing?: string | undefined;
  readonly versions?: readonly string[];
  readonly consumer: URL;
  readonly producer: URL;
  open(): Promise<Between>;
}

const HOST = '127.0.0.1';

/** Names transports of Nest, with the package that each needs. */
const NEST_TRANSPORTS = {
  tcp: { name: 'Nest TCP' },
  nats: { name: 'Nest NATS', broker: 'nats', package: '@nats-io/transport-node' },
  redis: { name: 'Nest Redis', broker: 'redis', package: 'ioredis' },
  rmq: { name: 'Nest RMQ with acknowledgements', broker: 'rabbitmq', package: 'amqplib' },
} as const satisfies Readonly<Record<string, { name: string; broker?: BrokerName; package?: string }>>;

type NestTransport = keyof typeof NEST_TRANSPORTS;

function nestWay(transport: NestTransport, events: number): Way {
  const { name, ...needs } = NEST_TRANSPORTS[transport];
  const packages = ['@nestjs/microservices', ...('package' in needs ? [needs.package] : [])];
  const broker = 'broker' in needs ? needs.broker : undefined;
  return {
    name,
    events,
    ...rivals('nest12', packages, broker),
    consumer: programOf({ workspace: 'nest12', program: 'nest-consumer.mjs' }),
    producer: programOf({ workspace: 'nest12', program: 'nest-producer.mjs' }),
    async open() {
      if (broker === undefined) {
        return {
          consumer: { transport, host: HOST, port: 0 },
          producer: (port) => ({ transport, host: HOST, port }),
          close: () => Promise.resolve(),
        };
      }
      const started: Broker = await startBroker(broker);
      const options = { transport, host: started.host, port: started.port };
      return { consumer: options, producer: () => options, close: started.stop };
    },
  };
}

/** Says why the packages or the broker of a rival cannot run here, or which versions they have. */
function rivals(
  workspace: RivalWorkspace,
  packages: readonly string[],
  broker?: BrokerName,
): Pick<Way, 'missing' | 'versions'> {
  const parts = packages.map((name) => rivalParts({ workspace, package: name }));
  const missing = parts.map((part) => part.missing).find((line) => line !== undefined);
  return {
    missing: missing ?? (broker === undefined ? undefined : missingBroker(broker)),
    versions: parts.flatMap(({ versions = [] }) => versions),
  };
}

let queues = 0;

/** Gives each way a queue of its own. */
function queueBetween(server: QueueServer, consumer: object, producer: object): Between {
  queues += 1;
  const where = { endpoint: server.endpoint, queue: `end-to-end-${queues}` };
  return {
    consumer: { ...where, ...consumer },
    producer: () => ({ ...where, ...producer }),
    close: () => Promise.resolve(),
  };
}

function ownWay(
  server: QueueServer,
  name: string,
  events: number,
  consumer: Pick<OwnConsumerOptions, 'server'>,
  producer: Pick<OwnProducerOptions, 'client'>,
): Way {
  return {
    name,
    events,
    consumer: new URL('../flow/own-consumer.js', import.meta.url),
    producer: new URL('../flow/own-producer.js', import.meta.url),
    open: () => Promise.resolve(queueBetween(server, consumer, producer)),
  };
}

function ssutWay(server: QueueServer): Way {
  return {
    name: 'SQS, @ssut/nestjs-sqs at its best',
    events: 5_000,
    ...rivals('nest11', ['@ssut/nestjs-sqs']),
    consumer: programOf({ workspace: 'nest11', program: 'ssut-consumer.mjs' }),
    producer: programOf({ workspace: 'nest11', program: 'ssut-producer.mjs' }),
    open: () => Promise.resolve(queueBetween(server, { consumers: 8, batch: true }, {})),
  };
}

/** The names that demands refer to. */
export const UNPACKED = 'SQS, unpacked';
export const PACKED = 'SQS, packed';
export const RAW = 'SQS, raw SDK send and long poll';
const RAW_UNDICI = 'SQS, raw undici send and long poll';
export const NATS = NEST_TRANSPORTS.nats.name;
export const RMQ = NEST_TRANSPORTS.rmq.name;

/** Sends and receives without a library. Runs at low load alone, because it sends each event by itself. */
function rawWay(server: QueueServer, name: string, client: RawOptions['client']): Way {
  return {
    name,
    events: 0,
    consumer: new URL('./raw-consumer.js', import.meta.url),
    producer: new URL('./raw-producer.js', import.meta.url),
    open: () => Promise.resolve(queueBetween(server, { client }, { client })),
  };
}

/** Returns all ways. Those over SQS share a queue server. */
export function waysOf(server: QueueServer): readonly Way[] {
  return [
    nestWay('tcp', 20_000),
    nestWay('nats', 20_000),
    nestWay('redis', 20_000),
    nestWay('rmq', 20_000),
    ownWay(server, UNPACKED, 20_000, {}, {}),
    ownWay(server, `${UNPACKED}, concurrency 100`, 20_000, { server: { concurrency: 100 } }, {}),
    ownWay(server, PACKED, 40_000, {}, { client: { pack: true } }),
    ssutWay(server),
    rawWay(server, RAW, 'sdk'),
    rawWay(server, RAW_UNDICI, 'undici'),
  ];
}
