import { runBench } from './kit/run-bench.js';
import { freshFunction } from './lambda/functions.js';

/** Measures the size and the cold start of a function of AWS Lambda, beside functions that do nothing. */
await runBench(
  {
    name: 'lambda',
    title: 'Lambda: a fresh process from its start to its first answer, and the size of its bundle',
    subject: 'function',
    rounds: 9,
    settings: [{ name: 'first event' }],
    quantities: [
      { key: 'ms', head: 'ms', unit: 'ms', digits: 0, better: 'lower', spread: true },
      { key: 'cpuMs', head: 'CPU ms', unit: 'ms', digits: 0, better: 'lower', spread: true },
      { key: 'rssMb', head: 'RSS MB', unit: 'MB', digits: 0, better: 'lower' },
      { key: 'kb', head: 'bundle, KB', unit: 'KB', digits: 0, better: 'lower' },
    ],
    candidates: [
      freshFunction('Node alone', 'node', true),
      freshFunction('empty Nest application, bundled', 'nest', true),
      freshFunction('empty Nest microservice, bundled', 'microservice', true),
      freshFunction('ours with a handler, bundled', 'own', true),
      freshFunction('ours with a handler, bundled without undici', 'own', true, ['undici']),
      freshFunction('empty Nest application, from node_modules', 'nest', false),
      freshFunction('empty Nest microservice, from node_modules', 'microservice', false),
      freshFunction('ours with a handler, from node_modules', 'own', false),
    ],
    baseline: {
      'ours with a handler, bundled': 'empty Nest microservice, bundled',
      'ours with a handler, bundled without undici': 'empty Nest microservice, bundled',
      'ours with a handler, from node_modules': 'empty Nest microservice, from node_modules',
    },
    demands: [],
    packages: ['@nestjs/core', '@nestjs/microservices', 'esbuild'],
  },
  process.argv.slice(2),
);
