import { candidates, settings } from './handle/candidates.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';
import { startQueueServer } from './queue-server/start.js';

const BEST = '@ssut/nestjs-sqs, best';
const AT_ONCE = ['0 ms, 200 B'];
const DELAYED = ['8 ms, 200 B'];
const demands: readonly Demand[] = [
  { of: 'ours', than: BEST, quantity: 'speed', atLeast: 4, floor: 2.8, settings: AT_ONCE },
  { of: 'ours, concurrency 100', than: BEST, quantity: 'speed', atLeast: 2, floor: 1.5, settings: AT_ONCE },
  { of: 'ours', than: BEST, quantity: 'cpu', atMost: 0.25, settings: AT_ONCE },
  { of: 'ours', than: BEST, quantity: 'speed', atLeast: 5, floor: 4, settings: DELAYED },
  { of: 'ours', than: '@ssut/nestjs-sqs, defaults', quantity: 'speed', atLeast: 10, settings: AT_ONCE },
  { of: 'ours', than: 'raw undici loop', quantity: 'speed', atLeast: 0.5, settings: AT_ONCE },
  { of: 'ours, packed 8 KiB', than: BEST, quantity: 'speed', atLeast: 14, floor: 12, settings: AT_ONCE },
  { of: 'ours, packed 64 KiB', than: BEST, quantity: 'speed', atLeast: 24, floor: 21, settings: AT_ONCE },
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
    warmUpShare: 1,
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
