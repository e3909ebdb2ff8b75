import { candidates } from './carriers/candidates.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';

const demands: readonly Demand[] = [
  { of: 'socket', than: 'Nest TCP', quantity: 'speed', atLeast: 0.8 },
  { of: 'socket, one call a write', than: 'Nest TCP', quantity: 'speed', atLeast: 0.8 },
  { of: 'http', than: 'raw POST loop', quantity: 'speed', atLeast: 0.7, orValue: 10_000 },
  { of: 'starling client, starling', than: 'raw set loop, starling', quantity: 'speed', atLeast: 0.7 },
  { of: 'starling server, starling', than: 'raw get loop, starling', quantity: 'speed', atLeast: 0.7 },
  { of: 'starling client, siberite', than: 'raw set loop, siberite', quantity: 'speed', atLeast: 0.7 },
  { of: 'starling server, siberite', than: 'raw open and close loop, siberite', quantity: 'speed', atLeast: 0.7 },
];

/**
 * Measures how many 200-byte events a second each carrier takes from one process to another: sockets
 * beside Nest's own TCP transport, HTTP and Starling beside loops written by hand.
 */
await runBench({
  name: 'carriers',
  title: 'Carrying 200-byte events from one process to another',
  subject: 'carrier',
  rounds: 7,
  settings: [{ name: '200 B' }],
  quantities: [
    { key: 'speed', head: 'events / s', unit: 'events/s', digits: 0, better: 'higher', spread: true, chart: true },
    { key: 'sender', head: 'CPU µs / event, sender', unit: 'µs', digits: 1, better: 'lower' },
    { key: 'receiver', head: 'receiver', unit: 'µs', digits: 1, better: 'lower' },
  ],
  candidates,
  baseline: Object.fromEntries(demands.map(({ of, than }) => [of, than!])),
  demands,
  packages: ['@nestjs/microservices'],
});
