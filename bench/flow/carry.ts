import type { Child } from '../kit/child.js';
import { now } from './clock.js';
import { Latencies } from './latencies.js';
import type { Consumed } from './serve-consumer.js';
import type { Emitted, EmitTask } from './serve-producer.js';

/** Describes how events flow from producers to consumers. */
export interface Flow {
  readonly events: number;
  /** Emits without an answer at a time, for each producer. */
  readonly window: number;
  /** Events that are emitted and not handled at a time. */
  readonly backlog: number;
  /** Waits before each emit, for a low load. */
  readonly pauseMs: number;
}

/** Emits as fast as the answers allow. The backlog stays short enough for brokers that would drop events. */
export const FULL_LOAD = { window: 1000, backlog: 5000, pauseMs: 0 };

/** Emits one event at a time. */
export const LOW_LOAD = { window: 1, backlog: 1, pauseMs: 5 };

/** Holds the costs of events that all were handled. */
export interface Carried {
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** CPU time of all producers for each event, in µs. */
  readonly producerCpu: number;
  /** CPU time of all consumers for each event, in µs. */
  readonly consumerCpu: number;
  /** Time from `emit` to the handler, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** Resident memory of the largest producer after the run, in MB. */
  readonly producerRss: number;
  /** Resident memory of the largest consumer after the run, in MB. */
  readonly consumerRss: number;
}

/** Lets a run fail in which no event was handled for so long. */
const STALL_MS = 60_000;

/**
 * Emits events with the producers and returns the costs once the consumers have handled all of them.
 * Without a producer the events are in the queue already, and the figures of producers are 0.
 */
export async function carry(producers: readonly Child[], consumers: readonly Child[], flow: Flow): Promise<Carried> {
  const { events } = flow;
  await Promise.all(consumers.map((consumer) => consumer.ask('begin')));
  const begunAt = now();
  const [producerFrom, consumerFrom] = await Promise.all([cpuOf(producers), cpuOf(consumers)]);
  const runs = producers.map((producer, index) => producer.ask<Emitted>('run', taskOf(flow, index, producers.length)));
  const [emitted] = await Promise.all([Promise.all(runs), handleAll(producers, consumers, flow)]);
  const consumed = await Promise.all(consumers.map((consumer) => consumer.ask<Consumed>('read')));
  const [producerTo, consumerTo] = await Promise.all([cpuOf(producers), cpuOf(consumers)]);

  const latencies = new Latencies();
  for (const one of consumed) latencies.merge(one.latencies);
  const startedAt = emitted.length === 0 ? begunAt : Math.min(...emitted.map((one) => one.startedAt));
  const seconds = (Math.max(...consumed.map(({ lastAt }) => lastAt)) - startedAt) / 1e6;
  return {
    seconds,
    eventsPerSecond: events / seconds,
    producerCpu: (producerTo - producerFrom) / events,
    consumerCpu: (consumerTo - consumerFrom) / events,
    p50: latencies.percentile(0.5) / 1000,
    p99: latencies.percentile(0.99) / 1000,
    producerRss: Math.max(0, ...emitted.map(({ rss }) => rss)) / 1e6,
    consumerRss: Math.max(...consumed.map(({ rss }) => rss)) / 1e6,
  };
}

async function cpuOf(children: readonly Child[]): Promise<number> {
  const times = await Promise.all(children.map((child) => child.cpu()));
  return times.reduce((sum, time) => sum + time, 0);
}

/** Returns the part of one of several producers. */
function taskOf({ events, window, backlog, pauseMs }: Flow, index: number, count: number): EmitTask {
  const from = Math.floor((events * index) / count);
  const to = Math.floor((events * (index + 1)) / count);
  return { from, events: to - from, window, allowed: Math.ceil(backlog / count), pauseMs };
}

/** Lets producers go on as consumers handle events. Resolves when all are handled. */
function handleAll(producers: readonly Child[], consumers: readonly Child[], { events, backlog }: Flow): Promise<void> {
  const step = Math.max(1, Math.floor(backlog / 5 / consumers.length));
  let handled = 0;
  return new Promise((resolve, reject) => {
    const stalled = (): void => reject(new Error(`${handled} of ${events} events were handled`));
    let timer = setTimeout(stalled, STALL_MS);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    const watch = async (consumer: Child): Promise<void> => {
      while (handled < events) {
        const fresh = await consumer.ask<number>('progress', step);
        handled += fresh;
        clearTimeout(timer);
        if (handled >= events) return end(resolve);
        timer = setTimeout(stalled, STALL_MS);
        const allowed = Math.ceil((backlog + handled) / producers.length);
        await Promise.all(producers.map((producer) => producer.ask('allow', allowed)));
      }
    };
    for (const consumer of consumers) watch(consumer).catch((error: unknown) => end(() => reject(error)));
  });
}
