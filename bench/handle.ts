import { candidates, settings } from './handle/candidates.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';
import { startQueueServer } from './queue-server/start.js';

const demands: readonly Demand[] = [
  {
    of: 'ours, concurrency 100',
    than: '@ssut/nestjs-sqs, best',
    quantity: 'speed',
    atLeast: 2,
    floor: 1.5,
    settings: ['0 ms, 200 B'],
  },
];

/**
 * Measures how fast a consumer process handles messages that a queue holds. The time runs from the
 * first message received to the last message deleted, by the clock of the queue server.
 */
const server = await startQueueServer();
try {
  await runBench({
    name: 'handle',
    title: 'Handling events from SQS',
    subject: 'consumer',
    rounds: 5,
    settings,
    quantities: [
      { key: 'speed', head: 'events / s', unit: 'events/s', digits: 0, better: 'higher', spread: true, chart: true },
      { key: 'cpu', head: 'CPU µs / event', unit: 'µs', digits: 1, better: 'lower' },
      { key: 'server', head: 'server, % of a core', unit: '%', digits: 0, better: 'lower' },
    ],
    candidates: candidates(server),
    baseline: '@ssut/nestjs-sqs, best',
    demands,
    packages: ['@nestjs/core', '@nestjs/microservices', '@aws-sdk/client-sqs', 'undici'],
  });
} finally {
  await server.stop();
}
