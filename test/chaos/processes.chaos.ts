import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Programs, type Program } from '../e2e/programs.js';
import { ServiceRig, texts } from './rig.js';

let rig: ServiceRig;
const programs = new Programs();
beforeEach(async () => {
  Logger.overrideLogger(false);
  rig = await ServiceRig.start();
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

/** Collects the output of a program until a condition holds. */
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

  it('reports a blocked event loop and redelivers each message in hand at most once', async () => {
    const { stored } = await rig.emit(rig.client(), texts(COUNT));
    expect(stored.size).toBe(COUNT);
    const program = await programs.start('blocked-worker', {
      env: { AWS_ENDPOINT_URL_SQS: rig.service.endpoint, VISIBILITY_SECONDS: 2, BLOCK_MS: 3_200 },
    });
    const said: Said[] = [];
    const acked = (): Said[] => said.filter(({ outcome }) => outcome === 'ack');
    await hear(program, said, () => acked().length === COUNT);
    const settled = said.filter(({ type }) => type === 'settled');
    const first = settled.filter(({ receiveCount }) => receiveCount === 1);
    expect(first.map(({ outcome }) => outcome)).toEqual(Array.from({ length: COUNT }, () => 'abandon'));
    expect(acked().map(({ receiveCount }) => receiveCount)).toEqual(Array.from({ length: COUNT }, () => 2));
    expect(await rig.depth()).toBe(0);
    const delays = said.filter(({ type }) => type === 'loop-delay');
    expect(delays.length).toBeGreaterThanOrEqual(1);
    expect(delays[0]!.delayMs).toBeGreaterThan(1_000);
    const warnings = said.filter(({ line }) => line?.includes('event loop was blocked'));
    expect(warnings).toHaveLength(1);
    program.child.kill('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
  });
});
