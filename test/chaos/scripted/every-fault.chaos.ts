import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Programs } from '../../e2e/programs.js';
import type { Fault } from '../../fakes/sqs/faults.js';
import { Rig } from '../rig.js';

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

  it('leaves no rejection unhandled and loses no stored call under all kinds of faults', async () => {
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
    const program = await programs.start('mixed-load', { env: { AWS_ENDPOINT_URL_SQS: rig.fake.endpoint, COUNT } });
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
