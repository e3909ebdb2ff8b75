import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Candidate, Demand } from './kit/bench.js';
import { takeText } from './kit/options.js';
import { projectFile } from './kit/packages.js';
import { runBench } from './kit/run-bench.js';
import { startQueueServer } from './queue-server/start.js';
import { freshProcess, type Subject } from './start/subjects.js';

/** Pairs names of candidates with processes that use the package. */
const OWN: Readonly<Record<string, Subject>> = {
  'import of the package': { name: 'package' },
  'client, lean data path': { name: 'client', dataPath: 'lean' },
  'client, data path of the SDK': { name: 'client', dataPath: 'sdk' },
  'worker, lean data path': { name: 'worker', dataPath: 'lean' },
  'worker, data path of the SDK': { name: 'worker', dataPath: 'sdk' },
};

/** Pairs names of candidates with processes that use the package of another checkout, with its defaults. */
const AGAINST: Readonly<Record<string, Subject>> = {
  'other checkout, import of the package': { name: 'package' },
  'other checkout, client': { name: 'client' },
  'other checkout, worker': { name: 'worker' },
};

const OTHERS: Readonly<Record<string, Subject>> = {
  'empty process': { name: 'nothing' },
  'import of undici': { name: 'undici' },
  'import of @aws-sdk/client-sqs': { name: 'sdk' },
  'import of @nestjs/microservices': { name: 'nest' },
};

/** Names the process of the other checkout for each that has one there. */
const baselines: Readonly<Record<string, string>> = {
  'import of the package': 'other checkout, import of the package',
  'client, lean data path': 'other checkout, client',
  'client, data path of the SDK': 'other checkout, client',
  'worker, lean data path': 'other checkout, worker',
  'worker, data path of the SDK': 'other checkout, worker',
};

/** Times that a start may take, compared with the other checkout. */
const SHARE = 1.3;

const demands: readonly Demand[] = ['import of the package', 'client, lean data path', 'worker, lean data path'].map(
  (name) => ({ of: name, than: baselines[name]!, quantity: 'ms', atMost: SHARE }),
);

/**
 * Measures how long a fresh process takes to import the package, to connect a client, and to listen.
 *
 * `--against folder` measures another built checkout of the project beside this one.
 */
const args = process.argv.slice(2);
const against = takeText(args, '--against');
const server = await startQueueServer();
const candidatesOf = (subjects: Readonly<Record<string, Subject>>, folder: string): Candidate[] =>
  Object.entries(subjects).map(([name, subject]) => freshProcess(name, subject, folder, server));
const root = fileURLToPath(projectFile('.'));
try {
  await runBench(
    {
      name: 'start',
      title: 'Start: time and memory of a fresh process until it has loaded, connected or listens',
      subject: 'process',
      rounds: 9,
      settings: [{ name: 'fresh process' }],
      quantities: [
        { key: 'ms', head: 'ms', unit: 'ms', digits: 0, better: 'lower', spread: true, chart: true },
        { key: 'cpuMs', head: 'CPU ms', unit: 'ms', digits: 0, better: 'lower', spread: true },
        { key: 'rssMb', head: 'RSS MB', unit: 'MB', digits: 0, better: 'lower' },
      ],
      candidates: [
        ...candidatesOf(OTHERS, root),
        ...candidatesOf(OWN, root),
        ...(against === undefined ? [] : candidatesOf(AGAINST, resolve(against))),
      ],
      baseline: against === undefined ? 'import of @nestjs/microservices' : baselines,
      demands,
      packages: ['@aws-sdk/client-sqs', 'undici', '@nestjs/microservices'],
    },
    args,
  );
} finally {
  await server.stop();
}
