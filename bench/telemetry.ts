import { telemetryCandidates as senders } from './emit/candidates.js';
import { telemetryCandidates as consumers } from './handle/candidates.js';
import type { Demand } from './kit/bench.js';
import { runBench } from './kit/run-bench.js';
import { WITHOUT_CREATE_SPANS } from './kit/telemetry.js';
import { sqsSettings } from './kit/sqs-settings.js';
import { startQueueServer } from './queue-server/start.js';

const SUBJECTS = ['handle', 'handle, packed 8 KiB', 'emit batched', 'emit packed'];
const BASELINE = 'without';

/** Largest costs of telemetry, as shares of the processor time without it. */
const COSTS = [
  ['no SDK', 1.03],
  ['traces of 1 %', 1.1],
] as const;

/** Packing must stay effective: a context for each call would give each call a message of its own. */
const requests: Demand = {
  of: 'emit packed, traces of 1 %',
  than: `emit packed, ${BASELINE}`,
  quantity: 'requests',
  atMost: 1.05,
};

/** A cheaper way, for processes that mostly emit. */
const cheap: Demand = {
  of: `emit batched, ${WITHOUT_CREATE_SPANS}`,
  than: `emit batched, ${BASELINE}`,
  quantity: 'cpu',
  atMost: 1.1,
};

const demands = SUBJECTS.flatMap((subject) =>
  COSTS.map(([mode, atMost]): Demand => ({
    of: `${subject}, ${mode}`,
    than: `${subject}, ${BASELINE}`,
    quantity: 'cpu',
    atMost,
  })),
);

/**
 * Measures what telemetry costs a process that emits or handles events: its processor time per event with
 * the instrumentation and no SDK, with an SDK that records one trace in a hundred, and with metrics too.
 */
const server = await startQueueServer();
try {
  const candidates = [...consumers(server), ...senders(server)];
  const baselineOf = (name: string): string => `${name.slice(0, name.lastIndexOf(', '))}, ${BASELINE}`;
  await runBench({
    name: 'telemetry',
    title: 'Cost of traces and metrics',
    subject: 'process, telemetry',
    rounds: 9,
    warmUpShare: 1,
    settings: sqsSettings({ delayed: 1, larger: 1, largest: 1 }).slice(0, 1),
    quantities: [
      { key: 'cpu', head: 'CPU µs / event', unit: 'µs', digits: 2, better: 'lower', spread: true, chart: true },
      { key: 'speed', head: 'events / s', unit: 'events/s', digits: 0, better: 'higher' },
      { key: 'requests', head: 'requests / 1 M', unit: 'requests', digits: 0, better: 'lower' },
    ],
    candidates,
    baseline: Object.fromEntries(candidates.map(({ name }) => [name, baselineOf(name)])),
    demands: [...demands, cheap, requests],
    packages: ['@opentelemetry/api', '@opentelemetry/sdk-trace-base', '@opentelemetry/sdk-metrics'],
  });
} finally {
  await server.stop();
}
