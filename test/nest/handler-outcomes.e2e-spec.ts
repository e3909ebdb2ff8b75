import { afterEach, describe, expect, it } from '@jest/globals';
import { EMPTY, Observable, of, timer } from 'rxjs';
import { deliver } from './deliver.js';
import { FAILURES } from './failures.js';
import { closeAll } from './harness.js';

afterEach(closeAll);

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

describe('a handler that fails', () => {
  it.each(FAILURES)('retries a message whose handler %s', async (_name, fail) => {
    const worker = await deliver(fail);
    const settled = await worker.server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
    expect(settled.map((event) => event.receiveCount)).toEqual([1, 2]);
    expect(worker.calls()).toBe(2);
    expect(worker.queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(worker.log.text()).toMatch(/(warn|error): run \(.+, delivery 1\) of memory failed and comes back in 0 s/);
    expect(unhandled).toEqual([]);
  });
});

const SUCCESSES: [string, () => unknown][] = [
  ['returns nothing', () => undefined],
  ['returns a value', () => 42],
  ['returns a synchronous observable', () => of('x')],
  ['returns an empty observable', () => EMPTY],
  ['returns an observable of several values', () => of(1, 2, 3)],
  ['returns a promise of an observable', () => Promise.resolve(of(1))],
  ['returns an observable that completes later', () => timer(5)],
];

describe('a handler that succeeds', () => {
  it.each(SUCCESSES)('acknowledges a message once when its handler %s', async (_name, succeed) => {
    const worker = await deliver(succeed);
    const settled = await worker.server.untilSettled(1);
    expect(settled.map((event) => event.outcome)).toEqual(['ack']);
    expect(worker.queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(worker.calls()).toBe(1);
  });

  it('acknowledges a message only when the observable of its handler completes', async () => {
    let complete = (): void => undefined;
    const worker = await deliver(
      () =>
        new Observable((subscriber) => {
          complete = () => subscriber.complete();
          subscriber.next(1);
        }),
    );
    while (worker.calls() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(worker.queue.depth().inFlight).toBe(1);
    expect(worker.server.settled).toEqual([]);
    complete();
    await worker.server.untilSettled(1);
    expect(worker.queue.depth().inFlight).toBe(0);
  });
});
