import { candidates, handlers } from './handler-call/candidates.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';

const BARE = 'bare call of the handler';
const demands: readonly Demand[] = [{ of: 'ours', than: BARE, quantity: 'micros', atMost: 2 }];

/** Measures what the strategy adds to a handler that Nest has wrapped, in one process and without a queue. */
await runBench({
  name: 'handler-call',
  title: 'Calling a handler: µs of CPU time from a decoded call to the end of its handler',
  subject: 'way',
  rounds: 15,
  settings: handlers,
  quantities: [
    { key: 'micros', head: 'CPU µs / call', unit: 'µs', digits: 2, better: 'lower', spread: true, chart: true },
  ],
  candidates,
  baseline: BARE,
  demands,
  packages: ['@nestjs/core', '@nestjs/microservices'],
});
