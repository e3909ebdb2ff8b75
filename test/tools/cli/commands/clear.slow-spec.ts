import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedQueue } from '../../../../lib/testing.js';
import { progressBodies } from '../bodies.js';
import { CommandLine } from '../harness.js';

let line: CommandLine;
let queue: EmbeddedQueue;

beforeAll(async () => {
  line = await CommandLine.start();
});
afterAll(() => line.stop());
beforeEach(async () => {
  queue = await line.createOwnQueue('queues');
});

const inQueue = (): string[] => ['--queue', queue.name];

describe('clear', () => {
  it('deletes 5 000 messages and prints the number of deleted messages', async () => {
    await line.fill(queue, progressBodies(5_000));
    expect(await line.runAlone(['clear', ...inQueue(), '--yes'])).toEqual({
      status: 0,
      stdout: `5000 messages deleted from queue "${queue.name}"`,
      stderr: '',
    });
    expect(await line.depth(queue)).toEqual({ visible: 0, inFlight: 0 });
  }, 120_000);

  it('keeps messages in flight and prints how many remain', async () => {
    await line.fill(queue, progressBodies(12));
    await line.receive(queue, { max: 2 });
    const { status, stdout, stderr } = await line.run(['clear', ...inQueue(), '--yes']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `10 messages deleted from queue "${queue.name}"` });
    expect(stderr).toBe('left: about 2 in flight');
  });

  it('exits with code 1 when messages in flight block the rest of a FIFO message group', async () => {
    const fifo = await line.createQueue(`${queue.name}.fifo`);
    await line.fillGroup(fifo, 'g', progressBodies(5));
    await line.receive(fifo, { max: 1 });
    const { status, stdout, stderr } = await line.run(['clear', '--queue', fifo.name, '--yes']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: `0 messages deleted from queue "${fifo.name}"` });
    expect(stderr).toMatch(/^about 4 messages wait behind messages in flight of their message group; try again/);
  });

  it('deletes messages in flight too with --purge', async () => {
    await line.fill(queue, progressBodies(12));
    await line.receive(queue, { max: 2 });
    const { status, stdout } = await line.run(['clear', '--purge', ...inQueue(), '--yes', '--json']);
    expect({ status, report: JSON.parse(stdout) }).toEqual({ status: 0, report: { queue: queue.name, purged: true } });
    expect(await line.depth(queue)).toEqual({ visible: 0, inFlight: 0 });
  });

  it('exits with code 2 and deletes nothing without --yes when no terminal is attached', async () => {
    await line.fill(queue, progressBodies(1));
    expect(await line.run(['clear', ...inQueue()])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: not on a terminal: add --yes to run without confirmation\n/),
    });
    expect(await line.depth(queue)).toEqual({ visible: 1, inFlight: 0 });
  });

  it('asks for confirmation on a terminal and follows the answer', async () => {
    await line.fill(queue, progressBodies(3));
    const question = `Delete about 3 messages in queue "${queue.name}"`;
    const no = await line.onTerminal(['clear', ...inQueue()], 'n\n');
    expect(no.stdout).toContain(question);
    expect({ status: no.status, lastLine: no.stdout.trim().split('\r\n').at(-1) }).toEqual({
      status: 1,
      lastLine: 'nothing was done',
    });
    expect(await line.depth(queue)).toEqual({ visible: 3, inFlight: 0 });
    const ended = await line.onTerminal(['clear', ...inQueue()], '\u0004');
    expect({ status: ended.status, lastLine: ended.stdout.trim().split('\r\n').at(-1) }).toEqual({
      status: 1,
      lastLine: 'nothing was done',
    });
    const yes = await line.onTerminal(['clear', ...inQueue()], 'y\n');
    expect(yes.status).toBe(0);
    expect(yes.stdout).toContain('[##############################] 3 of about 3 deleted');
    expect(yes.stdout).toContain(`3 messages deleted from queue "${queue.name}"`);
    expect(await line.depth(queue)).toEqual({ visible: 0, inFlight: 0 });
  });
});
