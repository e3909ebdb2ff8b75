import type { Demand } from './kit/bench.js';
import { takeFlag } from './kit/options.js';
import { runBench } from './kit/run-bench.js';
import { startQueueServer } from './queue-server/start.js';
import { type Packing, type Point, pointCandidate } from './scale/points.js';

const args = process.argv.slice(2);
const isFull = takeFlag(args, '--full');

const sizes: readonly Point[] = [
  { name: '100 events', events: 100, packed: true },
  { name: '1 000 events', events: 1_000, packed: true },
  { name: '10 000 events', events: 10_000, packed: true },
  { name: '100 000 events', events: 100_000, packed: true },
  ...(isFull ? [{ name: '1 000 000 events', events: 1_000_000, packed: true }] : []),
];

/** Queues that are deep before the consumer starts. */
const depths: readonly Point[] = [
  { name: '10 000 wait', events: 10_000, waiting: true },
  { name: '100 000 wait', events: 100_000, waiting: true },
  ...(isFull ? [{ name: '1 000 000 wait', events: 1_000_000, waiting: true }] : []),
];

/** Handlers that take 5 ms, so that they really run side by side. */
const handlers: readonly Point[] = [
  { name: '1 handler of 5 ms', events: 400, concurrency: 1, handlerMs: 5 },
  { name: '10 handlers of 5 ms', events: 4_000, concurrency: 10, handlerMs: 5 },
  { name: '100 handlers of 5 ms', events: 20_000, concurrency: 100, handlerMs: 5 },
  { name: '1 000 handlers of 5 ms', events: 20_000, concurrency: 1_000, handlerMs: 5 },
];

const processes: readonly Point[] = [
  { name: '4 producers', events: 20_000, producers: 4 },
  { name: '4 consumers', events: 20_000, consumers: 4 },
  { name: '4 producers, 4 consumers', events: 20_000, producers: 4, consumers: 4 },
];

const SIZE = '10 000 events';
const [BEFORE, LARGEST, DEEPEST] = isFull
  ? ['100 000 events', '1 000 000 events', '1 000 000 wait']
  : ['10 000 events', '100 000 events', '100 000 wait'];

const demands: readonly Demand[] = [
  ...['producerCpu', 'consumerCpu', 'requestsPerEvent'].map((quantity) => ({
    of: LARGEST,
    than: SIZE,
    quantity,
    atMost: 1.1,
  })),
  // The memory of a new process grows until V8 has given young objects all the room that they get.
  { of: LARGEST, than: BEFORE, quantity: 'consumerRss', atMost: 1.2 },
  { of: LARGEST, than: BEFORE, quantity: 'producerRss', atMost: 1.2 },
  ...['consumerCpu', 'requestsPerEvent', 'consumerRss'].map((quantity) => ({
    of: DEEPEST,
    than: isFull ? '100 000 wait' : '10 000 wait',
    quantity,
    atMost: 1.1,
  })),
  { of: '1 000 handlers of 5 ms', than: '10 handlers of 5 ms', quantity: 'consumerCpu', atMost: 1.2 },
  { of: LARGEST, quantity: 'requestsPerEvent', settings: ['unpacked'], atMost: 0.33 },
];

/**
 * Measures how emitting and handling grow: with the number of events, of those that wait in the queue, of
 * concurrent handlers, and of processes.
 * One dimension varies at a time.
 *
 * `--full` adds 1 000 000 events, and as many that wait.
 */
const server = await startQueueServer();
try {
  await runBench<Packing>(
    {
      name: 'scale',
      title: 'Scale: from emit to handled through SQS, one dimension at a time',
      subject: 'point',
      rounds: 3,
      // Each sample starts new processes and warms them up.
      warmUp: false,
      settings: [
        { name: 'unpacked', pack: false },
        { name: 'packed', pack: true },
      ],
      quantities: [
        {
          key: 'eventsPerSecond',
          head: 'events / s',
          unit: 'events/s',
          digits: 0,
          better: 'higher',
          spread: true,
          chart: true,
        },
        { key: 'p50', head: 'p50 ms', unit: 'ms', digits: 1, better: 'lower' },
        { key: 'p99', head: 'p99 ms', unit: 'ms', digits: 1, better: 'lower' },
        { key: 'producerCpu', head: 'producer CPU µs / event', unit: 'µs', digits: 1, better: 'lower' },
        { key: 'consumerCpu', head: 'consumer CPU µs / event', unit: 'µs', digits: 1, better: 'lower' },
        { key: 'requestsPerEvent', head: 'requests / event', unit: 'requests', digits: 3, better: 'lower' },
        { key: 'producerRss', head: 'producer RSS MB', unit: 'MB', digits: 0, better: 'lower' },
        { key: 'consumerRss', head: 'consumer RSS MB', unit: 'MB', digits: 0, better: 'lower' },
      ],
      candidates: [...sizes, ...depths, ...handlers, ...processes].map((point) => pointCandidate(point, server)),
      baseline: SIZE,
      demands,
      packages: ['@nestjs/microservices', 'undici'],
    },
    args,
  );
} finally {
  await server.stop();
}
