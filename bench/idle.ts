import { idleCandidate } from './idle/idle-candidate.js';
import type { Candidate, Demand } from './kit/bench.js';
import { takeText } from './kit/options.js';
import { programOf, rivalParts } from './kit/rival.js';
import { runBench } from './kit/run-bench.js';

/** Time of a long poll. Parts of polls would distort the number of requests. */
const POLL_SECONDS = 20;

const args = process.argv.slice(2);
const seconds = Number(takeText(args, '--seconds') ?? 60);
if (!(seconds > 0 && seconds % POLL_SECONDS === 0))
  throw new TypeError(`--seconds takes a multiple of ${POLL_SECONDS}`);

const OWN = new URL('./flow/own-consumer.js', import.meta.url);
const SSUT = { workspace: 'nest11', package: '@ssut/nestjs-sqs', program: 'ssut-consumer.mjs' } as const;

/** Creates a candidate that needs the rival. */
const ssut = (name: string, options: object): Candidate => ({
  ...idleCandidate(name, seconds, { program: programOf(SSUT), options }),
  ...rivalParts(SSUT),
});

const LEAN = 'lean data path';
const SDK = 'data path of the SDK';

const demands: readonly Demand[] = [LEAN, SDK].flatMap((of) => [
  { of, quantity: 'requestsPerMinute', atMost: 3 },
  { of, quantity: 'cpuPercent', atMost: 0.1 },
]);

/**
 * Measures what one worker costs whose queue is empty. All workers wait at the same time, each at a queue
 * server of its own.
 *
 * `--seconds n` sets the time of a sample.
 */
await runBench(
  {
    name: 'idle',
    title: `Idle: one worker on an empty queue, ${seconds} s`,
    subject: 'worker',
    rounds: 1,
    together: true,
    settings: [{ name: 'empty queue' }],
    quantities: [
      {
        key: 'requestsPerMinute',
        head: 'requests / min',
        unit: 'requests/min',
        digits: 1,
        better: 'lower',
        chart: true,
      },
      { key: 'cpuPercent', head: 'CPU %', unit: '%', digits: 3, better: 'lower' },
      { key: 'rssMb', head: 'RSS MB', unit: 'MB', digits: 0, better: 'lower' },
    ],
    candidates: [
      idleCandidate(LEAN, seconds, { program: OWN, options: { server: { dataPath: 'lean' } } }),
      idleCandidate(SDK, seconds, { program: OWN, options: { server: { dataPath: 'sdk' } } }),
      ssut('@ssut/nestjs-sqs, defaults', { consumers: 1 }),
      ssut('@ssut/nestjs-sqs, eight batch consumers', { consumers: 8, batch: true }),
    ],
    baseline: LEAN,
    demands,
    packages: ['@nestjs/microservices', 'undici', '@aws-sdk/client-sqs'],
  },
  args,
);
