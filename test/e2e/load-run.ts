import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { call } from '../fakes/sqs/call.js';
import { judge, type JournalResult } from './journal.js';
import { JournalFile } from './journal-file.js';
import { Programs, type Exit, type Program } from './programs.js';

/** Describes the last line of an emitter. */
export interface Emitted {
  readonly emitted: number;
  readonly failed: number;
  readonly ms: number;
  readonly cpuMs: number;
}

/** Messages of a queue, as it counts them. */
export interface Depth {
  readonly visible: number;
  readonly inFlight: number;
}

type Settings = Readonly<Record<string, string | number>>;

/** Everything that a test with one queue, one journal and several processes needs. */
export class LoadRun {
  private constructor(
    private readonly programs: Programs,
    private readonly folder: string,
    private readonly env: Settings & { readonly AWS_ENDPOINT_URL_SQS: string; readonly QUEUE: string },
    private readonly direct: string,
    readonly journal: JournalFile,
  ) {}

  /** Starts a queue service of its own with the one queue `load`. */
  static async open(): Promise<LoadRun> {
    const programs = new Programs();
    const { ready } = await programs.start<Settings & { AWS_ENDPOINT_URL_SQS: string }>('sqs', { args: ['load'] });
    return LoadRun.on({ ...ready, QUEUE: 'load' }, { programs });
  }

  /**
   * On a queue service that is there already, with all its queues. Programs find it as `env` says; `direct` is the endpoint to count at,
   * should theirs be spoiled.
   */
  static async on(
    env: Settings & { readonly AWS_ENDPOINT_URL_SQS: string; readonly QUEUE: string },
    { programs = new Programs(), direct = env.AWS_ENDPOINT_URL_SQS }: { programs?: Programs; direct?: string } = {},
  ): Promise<LoadRun> {
    const folder = await mkdtemp(join(tmpdir(), 'load-run-'));
    const journal = new JournalFile(join(folder, 'journal'));
    return new LoadRun(programs, folder, { ...env, JOURNAL: journal.path }, direct, journal);
  }

  startWorker(settings: Settings = {}): Promise<Program> {
    return this.programs.start('worker', { env: { ...this.env, ...settings } });
  }

  startEmitter(settings: Settings = {}): Promise<Program> {
    return this.programs.start('emitter', { env: { ...this.env, ...settings } });
  }

  /** Lets an emitter begin. Resolves with what it says after its last event. */
  emit({ child, exited }: Program): Promise<Emitted> {
    const done = (once(child, 'message') as Promise<[Emitted]>).then(([said]) => said);
    const early = exited.then(({ code, signal }) => {
      throw new Error(`the emitter ended with ${signal ?? code} before its last event`);
    });
    const emitted = Promise.race([done, early]);
    // A test that failed for another reason ends the emitter and waits for nothing.
    emitted.catch(() => undefined);
    child.send('go');
    return emitted;
  }

  /** Asks a worker to end. Resolves with how it did. */
  stop({ child, exited }: Program): Promise<Exit> {
    child.kill('SIGTERM');
    return exited;
  }

  /** Ends a worker without notice, and journals that. */
  async kill({ child, pid, exited }: Program): Promise<void> {
    this.journal.add(`killed ${pid}`);
    child.kill('SIGKILL');
    await exited;
  }

  /**
   * Counts the messages that remain in the queue or in another queue, such as its dead-letter
   * queue.
   */
  async depth(queue: string = this.env.QUEUE): Promise<Depth> {
    const { QueueUrl } = await this.ask('GetQueueUrl', { QueueName: queue });
    const { Attributes } = await this.ask('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    const count = (name: string): number => Number((Attributes as Record<string, string>)[name]);
    return {
      visible: count('ApproximateNumberOfMessages'),
      inFlight: count('ApproximateNumberOfMessagesNotVisible'),
    };
  }

  /** Resolves when the queue holds nothing, hidden or not. It tells nobody when that is, so it is asked again and again. */
  async untilEmpty(ms: number): Promise<void> {
    const until = performance.now() + ms;
    for (;;) {
      const depth = await this.depth();
      if (depth.visible + depth.inFlight === 0) return;
      if (performance.now() > until) throw new Error(`not empty after ${ms} ms: ${JSON.stringify(depth)}`);
      await wait(50);
    }
  }

  judge(): JournalResult {
    return judge(this.journal.lines);
  }

  /** Ends all processes that are left. */
  async close(): Promise<void> {
    await this.programs.endAll();
    this.journal.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ask(action: string, body: object): Promise<Record<string, unknown>> {
    return (await call({ endpoint: this.direct }, action, { ...body })).body;
  }
}
