import { candidates } from './hostile/candidates.js';
import { traffics } from './hostile/traffic.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';
import { startQueueServer } from './queue-server/start.js';

const [VALID, HOSTILE] = ['beside other senders', 'beside hostile senders'];
const demands: readonly Demand[] = [
  { of: HOSTILE, than: VALID, quantity: 'rate', atLeast: 0.5 },
  { of: HOSTILE, quantity: 'p99', atMost: 1_000 },
];

/**
 * Measures how fast a worker with default options handles good messages while half of the traffic is
 * hostile, against the same while that half is valid and its handlers do nothing.
 */
const server = await startQueueServer();
try {
  await runBench({
    name: 'hostile',
    title: 'Good messages among others',
    subject: 'traffic',
    rounds: 3,
    settings: traffics,
    quantities: [
      {
        key: 'rate',
        head: 'good events / s',
        unit: 'events/s',
        digits: 0,
        better: 'higher',
        spread: true,
        chart: true,
      },
      { key: 'p99', head: 'p99 at 100 / s, ms', unit: 'ms', digits: 0, better: 'lower' },
    ],
    candidates: candidates(server),
    baseline: VALID,
    demands,
    packages: ['@nestjs/core', '@nestjs/microservices', 'undici'],
  });
} finally {
  await server.stop();
}
