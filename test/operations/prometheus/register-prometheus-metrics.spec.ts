import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Counter, type OpenMetricsContentType, register as defaultRegistry, Registry } from 'prom-client';
import {
  type HistogramName,
  type PrometheusMetrics,
  type PrometheusMetricsOptions,
  registerPrometheusMetrics,
} from '#lib/prometheus.js';
import { addClientState, addWorkerState, forgetStates } from '../metrics/live-states.js';
import { EXAMPLES } from '../metrics/example-events.js';
import { publishEvents } from '../metrics/example-lines.js';
import { linesIn, scrapeLines } from './scrape.js';

const stops: PrometheusMetrics['stop'][] = [];
const DWELL: HistogramName = 'nestjs_sqs_thrift.message.dwell';

function collect(options: Omit<PrometheusMetricsOptions, 'register'> = {}): Registry {
  const register = new Registry();
  stops.push(registerPrometheusMetrics({ register, ...options }).stop);
  return register;
}

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  forgetStates();
  jest.restoreAllMocks();
});

describe('the counters and histograms', () => {
  it.each(EXAMPLES)('$title', async ({ event, lines }) => {
    const registry = collect();
    publishEvents(event);
    expect((await scrapeLines(registry)).sort()).toEqual([...lines].sort());
  });

  it('record the time from the send of a message to its first receive', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(100_000);
    const registry = collect();
    for (const sentAt of [99_000, 98_000, 100_500, undefined]) {
      publishEvents({ type: 'delivered', queue: 'jobs', messageId: 'm1', receiveCount: 1, sentAt });
    }
    expect(await scrapeLines(registry)).toEqual([
      'nestjs_sqs_thrift_message_dwell_seconds_sum{messaging_destination_name="jobs"} 3',
      'nestjs_sqs_thrift_message_dwell_seconds_count{messaging_destination_name="jobs"} 3',
    ]);
  });

  it('survive an event of another shape, as another version of the package may publish it', async () => {
    const registry = collect();
    publishEvents({ type: 'request', verb: 'burn' } as never, { type: 'loop-delay' } as never);
    publishEvents({ type: 'lease-lost', queue: 'jobs', messageId: 'm1' });
    expect(await scrapeLines(registry)).toEqual([
      'nestjs_sqs_thrift_lost_leases_total{messaging_destination_name="jobs"} 1',
    ]);
  });
});

describe('the buckets', () => {
  const bounds = async (registry: Registry, name: string): Promise<string[]> =>
    linesIn(await registry.metrics()).flatMap(
      (line) => new RegExp(`^${name}_bucket\\{le="([^"]+)"`).exec(line)?.[1] ?? [],
    );

  it('are those that the conventions advise', async () => {
    const registry = collect();
    EXAMPLES.filter(({ title }) => title === 'records the handlers of a call').forEach(({ event }) =>
      publishEvents(event),
    );
    expect(await bounds(registry, 'messaging_process_duration_seconds')).toEqual(
      '0.005 0.01 0.025 0.05 0.075 0.1 0.25 0.5 0.75 1 2.5 5 7.5 10 +Inf'.split(' '),
    );
  });

  it('can be chosen for each histogram', async () => {
    const registry = collect({ buckets: { [DWELL]: [1, 60] } });
    publishEvents({ type: 'delivered', queue: 'jobs', messageId: 'm1', receiveCount: 1, sentAt: 1 });
    expect(await bounds(registry, 'nestjs_sqs_thrift_message_dwell_seconds')).toEqual(['1', '60', '+Inf']);
  });
});

describe('the gauges', () => {
  it('show workers and send buffers at the time of the scrape', async () => {
    const registry = collect();
    expect(await scrapeLines(registry)).toEqual([]);
    addWorkerState();
    addClientState({});
    const queue = 'messaging_destination_name="jobs"';
    const statuses = ['starting', 'up', 'down', 'paused', 'stopping', 'stopped'];
    expect(await scrapeLines(registry)).toEqual([
      `nestjs_sqs_thrift_worker_up{${queue}} 1`,
      ...statuses.map((each) => `nestjs_sqs_thrift_worker_status{${queue},status="${each}"} ${Number(each === 'up')}`),
      `nestjs_sqs_thrift_worker_slots_taken{${queue}} 3`,
      `nestjs_sqs_thrift_worker_slots_limit{${queue}} 10`,
      `nestjs_sqs_thrift_worker_open_receives{${queue}} 1`,
      `nestjs_sqs_thrift_worker_running_calls{${queue}} 2`,
      `nestjs_sqs_thrift_worker_messages_in_hand{${queue}} 2`,
      `nestjs_sqs_thrift_worker_oldest_in_hand_seconds{${queue}} 1.5`,
      `nestjs_sqs_thrift_worker_stalled_seconds{${queue}} 0`,
      `nestjs_sqs_thrift_worker_since_receive_seconds{${queue}} 2`,
      `nestjs_sqs_thrift_client_up{${queue}} 1`,
      `nestjs_sqs_thrift_client_buffered_calls{${queue}} 5`,
      `nestjs_sqs_thrift_client_buffered_bytes{${queue}} 500`,
    ]);
    forgetStates();
    expect(await scrapeLines(registry)).toEqual([]);
  });
});

describe('registerPrometheusMetrics', () => {
  it('uses the default registry of prom-client, and removes its metrics alone', async () => {
    const own = new Counter({ name: 'own_total', help: 'of the application' });
    const handle = registerPrometheusMetrics();
    expect(defaultRegistry.getMetricsAsArray().length).toBeGreaterThan(30);
    handle.stop();
    handle.stop();
    expect(defaultRegistry.getMetricsAsArray()).toEqual([own]);
    defaultRegistry.clear();
  });

  it('records nothing after stop', async () => {
    const register = new Registry();
    const handle = registerPrometheusMetrics({ register });
    const metric = register.getSingleMetric('nestjs_sqs_thrift_stalls_total')!;
    handle.stop();
    publishEvents({ type: 'stalled', queue: 'jobs', forMs: 1 });
    expect((await (metric as Counter).get()).values).toEqual([]);
  });

  it('refuses a second registration, and accepts one after stop, in another registry or with a prefix', async () => {
    const register = new Registry();
    const handle = registerPrometheusMetrics({ register });
    stops.push(handle.stop);
    expect(() => registerPrometheusMetrics({ register })).toThrow(
      'registerPrometheusMetrics: the registry has a metric messaging_client_sent_messages_total already; call it once ' +
        'a registry, call stop() of the earlier registration first, or set the option prefix',
    );
    stops.push(registerPrometheusMetrics({ register, prefix: 'shop_' }).stop);
    publishEvents({ type: 'stalled', queue: 'jobs', forMs: 1 });
    const name = 'nestjs_sqs_thrift_stalls_total{messaging_destination_name="jobs"} 1';
    expect(await scrapeLines(register)).toEqual([name, `shop_${name}`]);
    handle.stop();
    stops.push(registerPrometheusMetrics({ register }).stop);
    collect();
  });

  it('leaves metrics alone that were registered after the registry was cleared', () => {
    const register = new Registry();
    const handle = registerPrometheusMetrics({ register });
    register.clear();
    stops.push(registerPrometheusMetrics({ register }).stop);
    const before = register.getMetricsAsArray().length;
    handle.stop();
    expect(register.getMetricsAsArray()).toHaveLength(before);
  });

  it('writes the names of OpenMetrics, too', async () => {
    const register = new Registry<OpenMetricsContentType>();
    register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    stops.push(registerPrometheusMetrics({ register }).stop);
    publishEvents({ type: 'stalled', queue: 'jobs', forMs: 1 });
    expect(await scrapeLines(register)).toEqual([
      'nestjs_sqs_thrift_stalls_total{messaging_destination_name="jobs"} 1',
    ]);
  });

  it.each([
    [{ registry: new Registry() }, 'unknown option registry; did you mean register?'],
    [{ register: 'default' }, 'register must be a Registry of prom-client, got the text "default"'],
    [{ register: null }, 'register must be a Registry of prom-client, got null'],
    [{ prefix: '1-' }, 'prefix must be letters, digits and _, without a digit first, got the text "1-"'],
    [{ buckets: { dwell: [1] } }, 'unknown option buckets.dwell'],
    [{ buckets: null }, 'buckets must be an object, got null'],
    [{ buckets: { 'messaging.process.duration': [2, 1] } }, 'must be ascending numbers, in seconds'],
    [{ buckets: { 'messaging.process.duration': [] } }, 'must be ascending numbers, in seconds'],
  ])('refuses the options %j', (options, text) => {
    expect(() => registerPrometheusMetrics(options as never)).toThrow(TypeError);
    expect(() => registerPrometheusMetrics(options as never)).toThrow(text);
  });
});
