import { candidates, lengths } from './codec/candidates.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';

const demands: readonly Demand[] = [
  { of: 'own binary', than: 'Apache binary', quantity: 'encode', atLeast: 12 },
  { of: 'own binary', than: 'Apache binary', quantity: 'decode', atLeast: 2.5 },
  { of: 'own binary', than: 'protobufjs', quantity: 'encode', atLeast: 1.3 },
  { of: 'own binary', than: 'protobufjs', quantity: 'decode', atLeast: 1 },
  { of: 'own binary', than: 'JSON', quantity: 'encode', atLeast: 1.5 },
  { of: 'own binary', than: 'JSON', quantity: 'decode', atLeast: 1.5 },
  { of: 'own compact', than: 'Apache compact', quantity: 'encode', atLeast: 15 },
  { of: 'own compact', than: 'Apache compact', quantity: 'decode', atLeast: 6 },
  { of: 'own binary in base64', than: 'own binary', quantity: 'both', atMost: 1.3 },
];

/** Measures the codecs side by side in one process. */
await runBench({
  name: 'codec',
  title: 'Codecs: µs of CPU time to encode and to decode one call',
  subject: 'codec',
  rounds: 15,
  settings: lengths,
  quantities: [
    { key: 'bytes', head: 'bytes', unit: 'B', digits: 0, better: 'lower' },
    { key: 'encode', head: 'encode µs', unit: 'µs', digits: 2, better: 'lower', spread: true },
    { key: 'decode', head: 'decode µs', unit: 'µs', digits: 2, better: 'lower', spread: true },
    { key: 'both', head: 'both µs', unit: 'µs', digits: 2, better: 'lower', chart: true },
  ],
  candidates,
  baseline: 'Apache binary',
  demands,
  packages: ['thrift', 'thriftrw', 'protobufjs', 'avsc', 'msgpackr'],
});
