import { candidates, settings } from './emit/candidates.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';
import { startQueueServer } from './queue-server/start.js';

const large = 'packed, 64 KiB';
const atOnce = ['0 ms, 200 B'];
const bothDelays = [...atOnce, '8 ms, 200 B'];
const demands: readonly Demand[] = [
  { of: 'batched', than: 'raw SDK loop', quantity: 'speed', atLeast: 4, floor: 2.5, settings: atOnce },
  { of: 'batched', than: 'sqs-producer', quantity: 'speed', atLeast: 8, settings: atOnce },
  { of: 'batched, SDK path', than: 'raw SDK loop', quantity: 'speed', atLeast: 0.9, settings: atOnce },
  { of: 'batched', than: 'raw undici loop', quantity: 'speed', atLeast: 0.7, settings: atOnce },
  { of: 'batched', quantity: 'requests', atMost: 100_000, settings: atOnce },
  { of: 'packed', quantity: 'requests', atMost: 4_000, settings: atOnce },
  { of: large, quantity: 'requests', atMost: 500, settings: atOnce },
  { of: large, quantity: 'billed', atMost: 5_000, settings: atOnce },
  { of: 'packed', than: 'batched, SDK path', quantity: 'speed', atLeast: 20, settings: bothDelays },
  { of: large, than: 'batched, SDK path', quantity: 'speed', atLeast: 20, settings: bothDelays },
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
    warmUpShare: 1,
    settings,
    quantities: [
      { key: 'requests', head: 'requests / 1 M', unit: 'requests', digits: 0, better: 'lower' },
      { key: 'billed', head: 'billed / 1 M', unit: 'units', digits: 0, better: 'lower' },
      { key: 'cpu', head: 'CPU µs / event', unit: 'µs', digits: 2, better: 'lower' },
      { key: 'server', head: 'server, % of a core', unit: '%', digits: 0, better: 'lower' },
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
