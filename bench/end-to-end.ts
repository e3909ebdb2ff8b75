import { FULL_LOAD, LOW_LOAD } from './flow/carry.js';
import { type Load, wayCandidate } from './end-to-end/way-candidate.js';
import { NATS, PACKED, RAW, RMQ, UNPACKED, waysOf } from './end-to-end/ways.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';
import { startQueueServer } from './queue-server/start.js';

const FULL = 'full load';
const LOW = 'one at a time';

const demands: readonly Demand[] = [
  { of: UNPACKED, than: RMQ, quantity: 'eventsPerSecond', settings: [FULL], atLeast: 1 },
  { of: PACKED, than: NATS, quantity: 'eventsPerSecond', settings: [FULL], atLeast: 1 },
  { of: UNPACKED, than: RAW, quantity: 'p50', settings: [LOW], atMost: 1.2 },
];

/**
 * Measures the way from `emit` in one process to the handler of a Nest application in another: through SQS,
 * and through brokers with the transports of Nest.
 */
const server = await startQueueServer();
try {
  await runBench<Load>({
    name: 'end-to-end',
    title: 'End to end: from emit to the handler, producer and consumer one process each',
    subject: 'way',
    rounds: 5,
    settings: [
      { name: FULL, flow: FULL_LOAD },
      { name: LOW, flow: LOW_LOAD, events: 100 },
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
      { key: 'producerCpu', head: 'producer CPU µs / event', unit: 'µs', digits: 1, better: 'lower' },
      { key: 'consumerCpu', head: 'consumer CPU µs / event', unit: 'µs', digits: 1, better: 'lower' },
      { key: 'p50', head: 'p50 ms', unit: 'ms', digits: 2, better: 'lower', spread: true },
      { key: 'p99', head: 'p99 ms', unit: 'ms', digits: 2, better: 'lower' },
    ],
    candidates: waysOf(server).map(wayCandidate),
    baseline: UNPACKED,
    demands,
    packages: ['@nestjs/microservices', 'undici', '@aws-sdk/client-sqs'],
  });
} finally {
  await server.stop();
}
