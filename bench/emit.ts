import { candidates, settings } from './emit/candidates.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';
import { startQueueServer } from './queue-server/start.js';

const large = 'packed, 64 KiB';
const demands: readonly Demand[] = [
  { of: 'batched', quantity: 'requests', atMost: 100_000, settings: ['0 ms'] },
  { of: 'packed', quantity: 'requests', atMost: 4_000, settings: ['0 ms'] },
  { of: large, quantity: 'requests', atMost: 500, settings: ['0 ms'] },
  { of: large, quantity: 'billed', atMost: 5_000, settings: ['0 ms'] },
  { of: 'packed', than: 'batched', quantity: 'speed', atLeast: 20 },
  { of: large, than: 'batched', quantity: 'speed', atLeast: 20 },
];

/**
 * Measures the cost of emitting events in several ways: requests and billed units per million
 * events, CPU time of the emitting process per event, and events per second.
 */
const server = await startQueueServer();
try {
  await runBench({
    name: 'emit',
    title: 'Emitting events to SQS',
    subject: 'way',
    rounds: 5,
    settings,
    quantities: [
      { key: 'requests', head: 'requests / 1 M', unit: 'requests', digits: 0, better: 'lower' },
      { key: 'billed', head: 'billed / 1 M', unit: 'units', digits: 0, better: 'lower' },
      { key: 'cpu', head: 'CPU µs / event', unit: 'µs', digits: 2, better: 'lower', spread: true },
      { key: 'speed', head: 'events / s', unit: 'events/s', digits: 0, better: 'higher', spread: true, chart: true },
    ],
    candidates: candidates(server),
    baseline: 'raw SDK loop',
    demands,
    packages: ['@aws-sdk/client-sqs', 'undici'],
  });
} finally {
  await server.stop();
}
