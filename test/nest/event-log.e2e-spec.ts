import { ConsoleLogger } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { describe, expect, it, jest } from '@jest/globals';
import { LeaseLostError } from '../../lib/consume/delivery.js';
import { EventInProgressError, IdempotencyStoreError } from '../../lib/consume/middleware/idempotency.js';
import type { SettledEvent, TransportEvent } from '../../lib/diagnostics/transport-event.js';
import { createEventLog } from '../../lib/nest/event-log.js';
import type { EventLogger } from '../../lib/nest/log-line.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

/** A line that Nest could have written, between what moves a terminal's cursor and what turns its text around. */
const FORGED = '\n[Nest] 1  - 01/01/2026, 00:00:00 AM     LOG [Auth] admin logged in\u001b[2J\u202e';

const ENDED: SettledEvent = {
  type: 'settled',
  queue: 'q',
  messageId: 'm',
  outcome: 'retry',
  methods: ['say'],
  receiveCount: 1,
  elapsedMs: 1,
  delaySeconds: 1,
};

/** Returns the log of a delivery that failed with `error`. */
function failed(error: unknown): { readonly line: string; readonly stack: string | undefined } {
  const logged: { line: string; stack: string | undefined }[] = [];
  const keep = (line: string, stack?: string): void => void logged.push({ line, stack });
  settle({ log: keep, warn: keep, error: keep }, error);
  expect(logged).toHaveLength(1);
  return logged[0]!;
}

function settle(logger: EventLogger, error: unknown): void {
  createEventLog(logger, new VirtualClock(0))({ ...ENDED, error });
}

/** An error with such a message, whose stack is then made by `change`. */
function withStack(message: string, change: (stack: string) => string): Error {
  const error = new Error(message);
  error.stack = change(error.stack!);
  return error;
}

class NoSuchUser extends Error {}

describe('the stack of a failed handler in the log', () => {
  it.each<[what: string, error: Error]>([
    ['a message of one line', new Error('no user bob')],
    ['a class of its own', new NoSuchUser('no user bob')],
    ['no message', new TypeError()],
    ['what looks like the name', new Error('Error')],
  ])('logs the unchanged stack of an error with %s', (_, error) => {
    expect(failed(error).stack).toBe(error.stack);
  });

  it.each<[what: string, error: Error]>([
    ['a message of several lines', new Error(`no user bob${FORGED}`)],
    ['a message that was changed later', Object.assign(withStack(`no user bob${FORGED}`, String), { message: 'x' })],
    ['frames in its message', new Error(`no user bob${FORGED}\n    at admin (login.ts:1:1)\n${FORGED}`)],
    ['a stack with more behind it', withStack('no user bob', (stack) => `${stack}${FORGED}`)],
    ['a stack with more in it', withStack('bob', (stack) => stack.replace(/\n +at /, (frame) => `${frame}${FORGED}`))],
    ['a stack of something else', withStack('bob', () => FORGED.repeat(1_000))],
    ['a name of several lines', Object.assign(new Error('bob'), { name: FORGED })],
  ])('logs only stack frames below the first line for an error with %s', (_, error) => {
    const { line, stack } = failed(error);
    const [head, ...frames] = (stack ?? '').split('\n');
    for (const text of [line, head!, ...frames]) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(head).not.toMatch(/^\[Nest\]/);
    expect(head!.length).toBeLessThanOrEqual(1_000);
    for (const frame of frames) expect(frame).toMatch(/^ +at /);
    expect(frames).not.toContainEqual(expect.stringContaining('admin (login.ts'));
  });

  it('keeps the stack frames of an error with a long message', () => {
    const error = new Error(`x`.repeat(5_000));
    expect(failed(error).stack!.split('\n').slice(1)).toEqual(error.stack!.split('\n').slice(1));
  });

  it('limits a logged stack to 50 frames', () => {
    const error = withStack('deep', () => `Error: deep${'\n    at f (f.ts:1:1)'.repeat(1_000)}`);
    expect(failed(error).stack!.split('\n')).toHaveLength(51);
  });

  it('logs a stack that the Nest logger recognizes after a message of several lines', () => {
    const written = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    try {
      settle(new ConsoleLogger('Worker', { colors: false }), new Error(`no user bob${FORGED}`));
      const text = written.mock.calls.map(([chunk]) => String(chunk)).join('');
      expect(text).toMatch(/\[Worker\] say .*\n.*Error: no user bob.*\n +at /);
      expect(text.split('\n').filter((line) => line.startsWith('[Nest]'))).toHaveLength(1);
    } finally {
      written.mockRestore();
    }
  });

  it('logs no stack for an RpcException', () => {
    expect(failed(new RpcException('expected')).stack).toBeUndefined();
  });
});

describe('the log line of an event', () => {
  const error = new RpcException('no disk');
  const queue = 'q';
  const messageId = 'm';
  const which = 'say (m, delivery 1) of q';

  /** Logs one event and returns its lines with their levels. */
  function linesOf(event: TransportEvent): string[] {
    const lines: string[] = [];
    const at = (level: string) => (text: string) => void lines.push(`${level}: ${text}`);
    createEventLog({ log: at('log'), warn: at('warn'), error: at('error') }, new VirtualClock(0))(event);
    return lines;
  }

  it.each<[line: string, event: TransportEvent]>([
    ['error: say was not stored by q: no disk', { type: 'emit-failed', queue, method: 'say', error }],
    ['error: cannot receive from q (3 in a row): no disk', { type: 'poll-failed', queue, failures: 3, error }],
    ['error: cannot send to q (3 in a row): no disk', { type: 'send-failed', queue, failures: 3, error }],
    [
      'warn: say goes to q without the attributes tracestate, baggage: the queue takes no more; send fewer',
      { type: 'attributes-left-out', queue, method: 'say', names: ['tracestate', 'baggage'] },
    ],
    [
      'warn: q refused a body of 900 bytes as too large: this client sends at most 450 bytes in a body from now on; ' +
        'raise the limit of the server or of proxies if more should be possible',
      { type: 'size-limit-learned', queue, of: 'body', refusedBytes: 900, maxBytes: 450 },
    ],
    ['warn: cannot renew the lease of message m of q: no disk', { type: 'renew-failed', queue, messageId, error }],
    [
      'warn: q did not settle message m (retry: no user): no disk',
      { type: 'settle-failed', queue, messageId, error, outcome: 'retry', cause: new Error('no user') },
    ],
    [
      'warn: lost the lease of message m of q: the message may be handled twice',
      { type: 'lease-lost', queue, messageId },
    ],
    [
      'warn: the event loop was blocked: the worker should have renewed leases of q 1234 ms ago, so messages may be handled twice; ' +
        'move long computations out of the event loop',
      { type: 'loop-delay', queue, delayMs: 1_234.4 },
    ],
    [
      'warn: event e of q may be handled again, or late: no disk',
      { type: 'idempotency-failed', queue, messageId, eventId: 'e', verb: 'complete', error },
    ],
    [
      'warn: events of q are not handled: the idempotency store failed to begin: no disk',
      { ...ENDED, error: new IdempotencyStoreError('begin', error) },
    ],
    [`warn: ${which} failed and comes back in 1 s: no disk`, { ...ENDED, error }],
    [
      `warn: ${which} failed and comes back in 1 s: the event e is being handled from another delivery`,
      { ...ENDED, error: new EventInProgressError('e', 1) },
    ],
    [
      'warn: 1 of 2 calls of message m of q failed and were sent again, each by itself: no disk',
      { ...ENDED, outcome: 'split', resent: 1, methods: ['say', 'say'], error },
    ],
    [`warn: ${which} failed after its lease was lost: no disk`, { ...ENDED, outcome: 'abandon', error }],
    [
      'error: message (m, delivery 1) of q is rejected, truncated: at byte 3; it comes back in 1 s, until the redrive policy of the queue moves it',
      { ...ENDED, outcome: 'reject', reason: 'truncated', detail: 'at byte 3', fate: 'kept', methods: [] },
    ],
    [
      `error: ${which} is rejected, truncated: ; it is in the dead-letter queue`,
      { ...ENDED, outcome: 'reject', reason: 'truncated', fate: 'dead-lettered' },
    ],
    [
      `error: ${which} is rejected, truncated: ; it was dead-lettered maxDeadLetters times, so it stays in its queue and comes back in 1 s; ` +
        'fix its handler, or delete the message',
      { ...ENDED, outcome: 'reject', reason: 'truncated', fate: 'parked' },
    ],
    [
      `error: ${which} is rejected, truncated: ; it was REMOVED, as poisonPolicy: "drop" asks`,
      { ...ENDED, outcome: 'reject', reason: 'truncated', fate: 'removed' },
    ],
  ])('is "%s"', (line, event) => {
    expect(linesOf(event)).toEqual([line]);
  });

  it.each<[what: string, event: TransportEvent]>([
    ['stored', { type: 'stored', queue, method: 'say', messageId, buffered: 0 }],
    ['received', { type: 'received', queue, count: 1, slots: 1, openReceives: 0 }],
    ['duplicate', { type: 'duplicate', queue, messageId, method: 'say', eventId: 'e' }],
    ['acknowledged', { ...ENDED, outcome: 'ack' }],
    ['released', { ...ENDED, outcome: 'released' }],
    ['abandoned because its lease was lost', { ...ENDED, outcome: 'abandon', error: new LeaseLostError('m') }],
    ['abandoned without an error', { ...ENDED, outcome: 'abandon' }],
  ])('does not exist for a message or call that is %s', (_, event) => {
    expect(linesOf(event)).toEqual([]);
  });
});

describe('a worker that is stalled', () => {
  it('warns about a stalled worker with the duration and the remedy', () => {
    const lines: string[] = [];
    const fail = (): never => {
      throw new Error('no warning');
    };
    const log = createEventLog({ log: fail, error: fail, warn: (line) => void lines.push(line) }, new VirtualClock(0));
    for (const forMs of [300_000, 300_001]) log({ type: 'stalled', queue: 'q', forMs });
    expect(lines).toEqual([expect.stringMatching(/from q: .* all slots for 5 minutes; set handlerTimeoutMs/)]);
  });
});

describe('log lines about settlements', () => {
  class NoSuchJob extends Error {}

  /** Returns the log of a hundred such deliveries a second for 25 s. */
  async function logged(ends: (n: number) => Partial<SettledEvent>): Promise<string[]> {
    const clock = new VirtualClock(0);
    const lines: string[] = [];
    const keep = (line: string): void => void lines.push(line);
    const log = createEventLog({ log: keep, warn: keep, error: keep }, clock);
    for (let n = 0; n < 2_500; n += 1) {
      log({ ...ENDED, messageId: `m${n}`, ...ends(n) });
      if (n % 100 === 99) await clock.advance(1_000);
    }
    return lines;
  }

  it.each<[what: string, ends: (n: number) => Partial<SettledEvent>]>([
    ['retries', (n) => ({ outcome: 'retry', error: new Error(`no user ${n}`) })],
    ['retries with what cannot be read', (n) => ({ outcome: 'retry', error: n % 2 ? 'no' : null })],
    ['splits', (n) => ({ outcome: 'split', resent: n, error: new Error(`no user ${n}`) })],
    ['rejections', (n) => ({ outcome: 'reject', reason: 'truncated', detail: `at byte ${n}`, fate: 'removed' })],
    ['failures after a loss', (n) => ({ outcome: 'abandon', error: new Error(`no user ${n}`) })],
  ])('limits log lines to ten of a kind in ten seconds and counts the omitted lines: %s', async (_, ends) => {
    const lines = await logged(ends);
    expect(lines.length).toBeGreaterThanOrEqual(30);
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines[0]).not.toContain('more like it');
    expect(lines.filter((line) => /and \d{3} more like it/.test(line)).length).toBeGreaterThanOrEqual(2);
  });

  it.each<[what: string, other: Partial<SettledEvent>]>([
    ['method', { methods: ['shout'] }],
    ['class of error', { error: new NoSuchJob('no') }],
    ['queue', { queue: 'another' }],
    ['outcome', { outcome: 'reject', reason: 'truncated' }],
  ])('logs a settlement of another %s despite the limit on repeated lines', async (_, other) => {
    const usual: Partial<SettledEvent> = { outcome: 'retry', error: new Error('no') };
    const lines = await logged((n) => (n === 99 ? { ...other, outcome: other.outcome ?? 'retry' } : usual));
    expect(lines.filter((line) => line.includes('m99'))).toHaveLength(1);
  });
});
