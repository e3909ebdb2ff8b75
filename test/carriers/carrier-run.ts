import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedStarling, startEmbeddedStarling } from 'nestjs-sqs-thrift/testing';
import { judge, type JournalResult } from '../e2e/journal.js';
import { JournalFile } from '../e2e/journal-file.js';
import { type Exit, type Program, Programs } from '../e2e/programs.js';

/** Names the carriers as `test/programs/carrier-load.ts` does. */
export type CarrierName = 'socket' | 'http' | 'http-handled' | 'kestrel' | 'starling';

/** The port of a worker, or 0. */
interface Ready {
  readonly port: number;
}

/** The last words of an emitter. */
interface Emitted {
  readonly emitted: number;
  readonly failed: number;
}

type Settings = Readonly<Record<string, string | number>>;

/** A worker and an emitter in two processes, one after the other at the same port, and their journal. */
export class CarrierRun {
  private readonly programs = new Programs();
  private port = 0;

  private constructor(
    private readonly carrier: CarrierName,
    private readonly folder: string,
    readonly journal: JournalFile,
    private readonly server: EmbeddedStarling | undefined,
  ) {
    this.port = server?.port ?? 0;
  }

  static async open(carrier: CarrierName): Promise<CarrierRun> {
    const folder = await mkdtemp(join(tmpdir(), 'carrier-run-'));
    const kinds = { kestrel: 'kestrel', starling: 'starling' } as const;
    const kind = carrier in kinds ? kinds[carrier as keyof typeof kinds] : undefined;
    const server = kind && (await startEmbeddedStarling({ server: kind }));
    return new CarrierRun(carrier, folder, new JournalFile(join(folder, 'journal')), server);
  }

  /** Starts a worker, at the port of the worker before. */
  async startWorker(settings: Settings = {}): Promise<Program<Ready>> {
    const worker = await this.programs.start<Ready>('carrier-worker', { env: { ...this.env, ...settings } });
    if (this.server === undefined) this.port = worker.ready.port;
    return worker;
  }

  startEmitter(settings: Settings): Promise<Program> {
    return this.programs.start('carrier-emitter', { env: { ...this.env, ...settings } });
  }

  /** Lets an emitter begin. Resolves with its last words. */
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

  stop({ child, exited }: Program<unknown>): Promise<Exit> {
    child.kill('SIGTERM');
    return exited;
  }

  /** Ends a worker without notice, and journals that. */
  async kill({ child, pid, exited }: Program<unknown>): Promise<void> {
    this.journal.add(`killed ${pid}`);
    child.kill('SIGKILL');
    await exited;
  }

  /** True if a queue server stands between the emitter and the workers. */
  get hasQueue(): boolean {
    return this.server !== undefined;
  }

  /** Counts the events that wait at the queue server. 0 without one. */
  get waiting(): number {
    return this.server?.items('load').length ?? 0;
  }

  judge(): JournalResult {
    return judge(this.journal.lines);
  }

  async close(): Promise<void> {
    await this.programs.endAll();
    await this.server?.stop();
    this.journal.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get env(): Settings {
    return { CARRIER: this.carrier, PORT: this.port, JOURNAL: this.journal.path };
  }
}
