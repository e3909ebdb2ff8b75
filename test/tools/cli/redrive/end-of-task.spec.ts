import { describe, expect, it } from '@jest/globals';
import type { MoveTask } from '../../../../lib/carriers/sqs/move-task-answer.js';
import { QueueError } from '../../../../lib/queue/queue-error.js';
import { VirtualClock } from '../../../../lib/testing/virtual-clock.js';
import { type EndedTask, endOfTask } from '../../../../lib/tools/cli/redrive/move-task.js';

const MINUTE_MS = 60_000;
const failure = new QueueError('by script', { code: 'InternalFailure', kind: 'service', queue: 'q' });
const refusal = new QueueError('by script', { code: 'Odd', kind: 'invalid', queue: 'q' });
const running = (moved = 0): MoveTask => ({ status: 'RUNNING', moved, startedAt: 1 });

type Answer = MoveTask | QueueError | undefined;

/** Waits for a task of a server that answers so, by the time in ms and by the cancellation. */
function follow(answer: (ms: number, cancelled: boolean) => Answer, before?: number) {
  const clock = new VirtualClock(0);
  const interrupt = new AbortController();
  let cancelled = 0;
  const admin = {
    location: 'queue "q"',
    latestMove: () => {
      const next = answer(clock.now(), cancelled > 0);
      return next instanceof QueueError ? Promise.reject(next) : Promise.resolve(next);
    },
    startMove: () => Promise.reject(new Error('nothing starts here')),
    cancelMove: () => {
      cancelled += 1;
      return Promise.reject(refusal);
    },
  };
  const ended = endOfTask(
    admin,
    { handle: 'h', before },
    { signal: interrupt.signal, clock, show: () => undefined },
  ).then(
    (task): EndedTask | string => task,
    (error: Error) => error.message,
  );
  return { clock, ended, interrupt, cancellations: () => cancelled };
}

/** Ends within so many minutes of the clock, or with `still waiting`. */
async function within(minutes: number, { clock, ended }: ReturnType<typeof follow>): Promise<EndedTask | string> {
  await clock.advance(minutes * MINUTE_MS);
  return Promise.race([ended, new Promise<string>((resolve) => setImmediate(() => resolve('still waiting')))]);
}

describe('waiting for the end of a move task', () => {
  const lost = expect.stringMatching(
    /does not show the end of the move out of queue "q", and the move may continue.*--by-hand$/,
  );

  it.each<[string, (ms: number) => Answer]>([
    ['never lists the task', () => undefined],
    ['lists only the task before', () => ({ status: 'COMPLETED', moved: 9, startedAt: 7 })],
    ['always fails', () => failure],
    ['always refuses', () => refusal],
    ['forgets the task that it has listed', (ms) => (ms < 1_000 ? running() : undefined)],
  ])('ends with the advice --by-hand within a minute when the server %s', async (_, answer) => {
    expect(await within(1, follow(answer, 7))).toEqual(lost);
  });

  it('cancels a task that moves nothing for two minutes, and takes the cancellation as the end', async () => {
    const task = follow((_, cancelled) => (cancelled ? { status: 'CANCELLED', moved: 3, startedAt: 1 } : running(3)));
    expect(await within(1.9, task)).toBe('still waiting');
    expect(await within(0.2, task)).toEqual({ status: 'CANCELLED', moved: 3, startedAt: 1, stalled: true });
    expect(task.cancellations()).toBe(1);
  });

  it('ends with the advice --by-hand when a task that moves nothing cannot be cancelled', async () => {
    const task = follow(() => running());
    expect(await within(4, task)).toEqual(lost);
    expect(task.cancellations()).toBe(1);
  });

  it('waits for hours for a task that moves a message now and then', async () => {
    const task = follow((ms) =>
      ms < 120 * MINUTE_MS ? running(Math.floor(ms / MINUTE_MS)) : { status: 'COMPLETED', moved: 120 },
    );
    expect(await within(119, task)).toBe('still waiting');
    expect(await within(2, task)).toEqual({ status: 'COMPLETED', moved: 120, stalled: false });
    expect(task.cancellations()).toBe(0);
  });

  it('waits through failures of the server that end', async () => {
    const task = follow((ms) => (ms < 20_000 ? failure : { status: 'COMPLETED', moved: 1 }));
    expect(await within(1, task)).toEqual({ status: 'COMPLETED', moved: 1, stalled: false });
  });

  it('cancels the task once when the command is interrupted', async () => {
    const task = follow((_, cancelled) => (cancelled ? { status: 'CANCELLED', moved: 1 } : running(1)));
    await within(0.1, task);
    task.interrupt.abort();
    expect(await within(0.1, task)).toEqual({ status: 'CANCELLED', moved: 1, stalled: false });
    expect(task.cancellations()).toBe(1);
  });
});
