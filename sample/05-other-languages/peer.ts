import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const HERE = resolve('sample/05-other-languages');
const BUILT = resolve('build/peers');

export const LANGUAGES = ['python', 'java', 'go'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Builds the programs of a language. Returns the missing tools, or undefined after a build. */
export function build(language: Language): string | undefined {
  const built = spawnSync('bash', [join(HERE, 'build.sh'), language], { encoding: 'utf8' });
  if (built.status === 0) return undefined;
  return built.stderr.trim().split('\n').at(-1) || `build.sh ended with ${built.error?.message ?? built.status}`;
}

/**
 * Returns the path of an Apache Thrift compiler that fits the runtimes.
 *
 * @throws Error no compiler is available
 */
export function thriftCompiler(): string {
  return resolve(execFileSync('bash', [join(HERE, 'thrift-compiler.sh')], { encoding: 'utf8' }).trim());
}

export type Program = 'producer' | 'worker' | 'web-server';

/** Lists the commands that start the programs of each language. */
const COMMANDS: Readonly<Record<Language, (program: Program) => readonly string[]>> = {
  python: (program) => [join(BUILT, 'python/venv/bin/python'), join(HERE, 'python', `${program}.py`)],
  java: (program) => {
    const classes = [join(BUILT, 'java/classes'), readFileSync(join(BUILT, 'java/classpath'), 'utf8').trim()];
    const name = { producer: 'Producer', worker: 'Worker', 'web-server': 'WebServer' }[program];
    return ['java', '-Dfile.encoding=UTF-8', '-cp', classes.join(delimiter), `com.example.backup.${name}`];
  },
  go: (program) => [join(BUILT, 'go/bin', program)],
};

/** Describes the end of a program. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
}

/** Runs a program that stays: a worker or a web server. */
export class Running {
  /** Lines of output so far, without the ready line. */
  readonly lines: string[] = [];
  private readonly output;
  private readonly complaints;
  private readonly ended;

  constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    this.ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    this.complaints = text(child.stderr!);
    this.output = createInterface({ input: child.stdout! });
    this.output.on('line', (line) => this.lines.push(line));
  }

  /** Resolves with the ready line and removes it from {@link lines}. */
  async ready(): Promise<string> {
    await this.until(1);
    return this.lines.shift()!;
  }

  /** Resolves with the output once it has a number of lines. */
  async until(count: number): Promise<readonly string[]> {
    const early = this.ended.then(async ([code]) => {
      throw new Error(`${this.name} ended with ${code} after ${this.lines.length} lines: ${await this.complaints}`);
    });
    // The end is an error only for callers that wait here.
    early.catch(() => undefined);
    while (this.lines.length < count) await Promise.race([once(this.output, 'line'), early]);
    return this.lines;
  }

  /** Resolves once the program has written to standard error. */
  async complained(): Promise<void> {
    if (this.child.stderr!.readableDidRead) return;
    await once(this.child.stderr!, 'data');
  }

  /**
   * Sends the signal and waits for the end. Returns the exit code and the text of standard error.
   */
  async stop(
    signal: NodeJS.Signals = 'SIGTERM',
  ): Promise<{ readonly code: number | null; readonly complaints: string }> {
    this.child.kill(signal);
    const [code] = await this.ended;
    return { code, complaints: await this.complaints };
  }
}

/** Runs the programs of one language with the SQS of an environment. */
export class Peer {
  constructor(
    private readonly language: Language,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Runs a program to its end. */
  async run(program: Program, ...args: string[]): Promise<Ended> {
    const child = this.spawn(program, args);
    const ended = once(child, 'close');
    const [output, complaints] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
    const [code] = (await ended) as [number | null];
    return { code, output, complaints };
  }

  /** Runs the producer to its end. Returns the ids of the requested backups. */
  async produce(...args: string[]): Promise<readonly string[]> {
    const { code, output, complaints } = await this.run('producer', ...args);
    if (code !== 0) throw new Error(`the producer in ${this.language} ended with ${code}: ${complaints}`);
    return output.trim().split('\n');
  }

  /** Starts a worker, whose polls last a second. */
  async startWorker(...args: string[]): Promise<Running> {
    const worker = new Running(this.spawn('worker', ['--wait=1', ...args]), `the worker in ${this.language}`);
    await worker.ready();
    return worker;
  }

  /** Starts the web server, which only Java has. Returns its address too. */
  async startWebServer(queue: string): Promise<{ readonly running: Running; readonly url: string }> {
    const running = new Running(this.spawn('web-server', [queue]), `the web server in ${this.language}`);
    return { running, url: (await running.ready()).replace('listening on ', '') };
  }

  private spawn(program: Program, args: readonly string[]): ChildProcess {
    const [command, ...first] = COMMANDS[this.language](program);
    const generated = join(BUILT, 'python/generated');
    const env = { ...process.env, PYTHONPATH: generated, PYTHONDONTWRITEBYTECODE: '1', ...this.env };
    return spawn(command!, [...first, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
