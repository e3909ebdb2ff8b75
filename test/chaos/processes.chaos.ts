import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Programs, type Program } from '../e2e/programs.js';
import { codec, Rig, texts } from './rig.js';
import type { Fault } from './kit/faults.js';

let rig: Rig;
const programs = new Programs();
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await Rig.start();
});
afterEach(async () => {
  await programs.endAll();
  await rig.stop();
});

interface Said {
  readonly type: string;
  readonly outcome?: string;
  readonly receiveCount?: number;
  readonly delayMs?: number;
  readonly line?: string;
}

/** What a program says, until something holds of it. */
async function hear(program: Program, said: Said[], holds: () => boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    program.child.on('message', (message) => {
      said.push(message as Said);
      if (holds()) resolve();
    });
    void program.exited.then(() => reject(new Error('the program ended')));
  });
}

describe('F6: a handler that blocks the event loop for longer than the lease', () => {
  const COUNT = 10;

  it('makes each message in hand come back once at most, tells of it, and acknowledges nothing that is lost', async () => {
    const bodies = texts(COUNT).map((text) => codec.encodeBody({ method: 'text', args: { text } }, 'text') as string);
    for (const body of bodies) rig.fake.send('texts', { body, attributes: {} });
    const program = await programs.start('blocked-worker', {
      env: { SQS_ENDPOINT: rig.fake.endpoint, VISIBILITY_SECONDS: 2, BLOCK_MS: 3_200 },
    });
    const said: Said[] = [];
    const acked = (): Said[] => said.filter(({ outcome }) => outcome === 'ack');
    await hear(program, said, () => acked().length === COUNT);
    const settled = said.filter(({ type }) => type === 'settled');
    const first = settled.filter(({ receiveCount }) => receiveCount === 1);
    expect(first.map(({ outcome }) => outcome)).toEqual(Array.from({ length: COUNT }, () => 'abandon'));
    expect(acked().map(({ receiveCount }) => receiveCount)).toEqual(Array.from({ length: COUNT }, () => 2));
    expect(rig.fake.messages('texts')).toEqual([]);
    const delays = said.filter(({ type }) => type === 'loop-delay');
    expect(delays.length).toBeGreaterThanOrEqual(1);
    expect(delays[0]!.delayMs).toBeGreaterThan(1_000);
    const warnings = said.filter(({ line }) => line?.includes('event loop was blocked'));
    expect(warnings).toHaveLength(1);
    program.child.kill('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
  });
});

describe('F10: all kinds of faults, in a process without a test runner', () => {
  const KINDS: readonly (readonly [string | undefined, Fault])[] = [
    [undefined, { kind: 'error', error: 'InternalError', status: 500 }],
    [undefined, { kind: 'text', status: 502, text: '<html>', contentType: 'text/html' }],
    [undefined, { kind: 'error', error: 'RequestThrottled', status: 400 }],
    [undefined, { kind: 'truncate' }],
    [undefined, { kind: 'truncate', cut: 'connection' }],
    [undefined, { kind: 'reset' }],
    [undefined, { kind: 'reset', when: 'after' }],
    ['ReceiveMessage', { kind: 'duplicate', oneIn: 2 }],
    ['ReceiveMessage', { kind: 'corrupt', what: 'body', oneIn: 3 }],
    ['DeleteMessageBatch', { kind: 'omit-entries', entries: [0] }],
    ['SendMessageBatch', { kind: 'omit-entries', entries: [0], when: 'after' }],
    ['SendMessageBatch', { kind: 'unknown-entry' }],
    [
      'SendMessageBatch',
      { kind: 'fail-entries', entries: new Map([[0, { Code: 'InvalidMessageContents', SenderFault: true }]]) },
    ],
    [
      'DeleteMessageBatch',
      { kind: 'fail-entries', entries: new Map([[0, { Code: 'ReceiptHandleIsInvalid', SenderFault: true }]]) },
    ],
  ];

  it('leave no rejection unhandled, end no process, and lose nothing that was stored', async () => {
    const COUNT = 600;
    let turn = 0;
    const struck = new Set<number>();
    rig.fake.faults = ({ action }) => {
      turn += 1;
      if (turn % 2 === 0) return undefined;
      const at = ((turn - 1) / 2) % KINDS.length;
      const [only, fault] = KINDS[at]!;
      if ((only !== undefined && only !== action) || action === 'GetQueueUrl') return undefined;
      struck.add(at);
      return fault;
    };
    const program = await programs.start('mixed-load', { env: { SQS_ENDPOINT: rig.fake.endpoint, COUNT } });
    const said: unknown[] = [];
    program.child.on('message', (message) => said.push(message));
    program.child.send('go');
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(said).toEqual([expect.objectContaining({ unhandled: [], uncaught: [] })]);
    const { stored, failed, handled, runs } = said[0] as Record<'stored' | 'failed' | 'handled' | 'runs', number>;
    expect(stored + failed).toBe((COUNT * 2) / 3);
    expect(stored).toBeGreaterThan(COUNT / 3);
    expect(handled).toBeGreaterThanOrEqual(stored);
    expect(runs).toBeGreaterThan(handled);
    expect(struck.size).toBeGreaterThan(KINDS.length / 2);
  });
});
