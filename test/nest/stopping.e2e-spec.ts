import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Programs } from '../e2e/programs.js';
import { startSqsFake, type SqsFake } from '../fakes/sqs/sqs-fake.js';
import { type EmbeddedSqs, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';

/** A call of `run`. */
const BODY = 'gAEABAAAAANydW4AAAAAAA==';
/** Time in ms after which a signal is a second one. */
const SECOND_MS = 600;

const programs = new Programs();
const ended: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await programs.endAll();
  for (const one of ended.splice(0)) await one.stop();
});

/** A running worker, with what it has told. */
class Worker {
  readonly told: string[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly program: Awaited<ReturnType<Programs['start']>>) {
    program.child.on('message', (fact) => {
      this.told.push(String(fact));
      for (const wake of this.waiting) wake();
    });
  }

  static async start(args: string[], env: Record<string, string | number> = {}): Promise<Worker> {
    const worker = new Worker(await programs.start('stopped-worker', { args, env }));
    await worker.until((fact) => fact === 'ready');
    return worker;
  }

  /** Waits for a fact, also one of the past. */
  async until(is: (fact: string) => boolean): Promise<void> {
    while (!this.told.some(is)) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiting.delete(wake);
          resolve();
        };
        this.waiting.add(wake);
      });
    }
  }

  signal(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.program.child.kill(signal);
  }

  /** Sends a signal, and returns the time in ms until the process has ended. */
  async end(signal?: NodeJS.Signals): Promise<number> {
    const sentAt = performance.now();
    this.signal(signal);
    await this.program.exited;
    return performance.now() - sentAt;
  }

  get hasEnded(): boolean {
    return this.program.child.exitCode !== null || this.program.child.signalCode !== null;
  }

  /** The lines about the stop. */
  get lines(): string[] {
    return this.told.filter((fact) => fact.includes('stopping'));
  }
}

async function embedded(): Promise<EmbeddedSqs> {
  const sqs = await startEmbeddedSqs();
  ended.push(sqs);
  await sqs.createQueue('jobs');
  return sqs;
}

/** An SQS whose long polls take their time, as those of AWS. */
async function fake(): Promise<{ server: SqsFake; env: Record<string, string> }> {
  const server = await startSqsFake();
  ended.push(server);
  server.createQueue('jobs');
  const { accessKeyId, secretAccessKey } = server.credentials;
  const env = {
    AWS_ENDPOINT_URL_SQS: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  return { server, env };
}

/** Waits until a receive is open. */
async function polling({ log }: SqsFake): Promise<void> {
  if (![...log.open].some(({ action }) => action === 'ReceiveMessage')) await log.arrival('ReceiveMessage');
}

describe('the end of an idle worker by a signal', () => {
  it.each([0, 1])('takes less than a second on the queue in memory, without a line, hybrid: %d', async (hybrid) => {
    const worker = await Worker.start(['memory', 'idle'], { HYBRID: hybrid });
    expect(await worker.end()).toBeLessThan(1_000);
    expect(worker.lines).toEqual([]);
  });

  it.each([0, 100, 200, 300, 400])('takes less than a second on the embedded SQS: %d ms into a receive', async (ms) => {
    const sqs = await embedded();
    const worker = await Worker.start(['sqs', 'idle'], sqs.env);
    await wait(ms);
    expect(await worker.end()).toBeLessThan(1_000);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says in one line what it waits for on SQS, and ends within a second of the second %s',
    async (signal) => {
      const { server, env } = await fake();
      const worker = await Worker.start(['sqs', 'idle'], env);
      await polling(server);
      worker.signal(signal);
      await wait(SECOND_MS);
      expect([worker.hasEnded, worker.lines]).toEqual([
        false,
        ['log stopping: waits for an open receive from jobs (up to 20 s); a second signal ends the wait'],
      ]);
      expect(await worker.end(signal)).toBeLessThan(1_000);
      expect(worker.lines).toHaveLength(2);
      expect(worker.lines[1]).toBe('warn stopping at a second signal: gives up an open receive from jobs (up to 20 s)');
    },
  );
});

describe('the end of a worker with a message in hand', () => {
  it('says what it waits for, and the message stays in the queue after a second signal', async () => {
    const { server, env } = await fake();
    server.send('jobs', { body: BODY, attributes: {} });
    const worker = await Worker.start(['sqs', 'deaf'], env);
    await worker.until((fact) => fact === 'handling');
    worker.signal();
    await wait(SECOND_MS);
    expect(worker.lines).toEqual([
      'log stopping: waits for an open receive from jobs (up to 20 s) and 1 message in hand (run) of jobs (up to 25 s); ' +
        'a second signal ends the wait',
    ]);
    expect(await worker.end()).toBeLessThan(1_000);
    expect(server.messages('jobs')).toHaveLength(1);
  });

  it('counts signals within half a second once, as of a terminal and npm', async () => {
    const { server, env } = await fake();
    const worker = await Worker.start(['sqs', 'idle'], env);
    await polling(server);
    worker.signal('SIGINT');
    await wait(20);
    worker.signal('SIGINT');
    await wait(1_500);
    expect([worker.hasEnded, worker.lines.length]).toEqual([false, 1]);
    expect(await worker.end('SIGINT')).toBeLessThan(1_000);
  });
});
