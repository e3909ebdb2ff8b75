import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { thriftCompiler } from '../../sample/05-other-languages/peer.js';

const HERE = resolve('test/interop/python');

/** Prepares what the Python programs need. Gives what is missing, or undefined when nothing is. */
export function whatIsMissing(): string | undefined {
  const setup = spawnSync('bash', [join(HERE, 'setup.sh')], { encoding: 'utf8', timeout: 300_000 });
  if (setup.status === 0) return undefined;
  return setup.stderr.trim().split('\n').at(-1) || `setup.sh ended with ${setup.error?.message ?? setup.status}`;
}

/** Describes a call as the Python worker reports it. */
export interface PythonCall {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Stock Python programs on code that the Apache compiler has just generated from idl/backup.thrift. */
export class PythonPeer {
  private readonly generated = mkdtempSync(join(tmpdir(), 'generated-python-'));
  private readonly running = new Set<ChildProcess>();

  constructor(private readonly sqs: Readonly<Record<string, string>>) {
    execFileSync(thriftCompiler(), ['-r', '--gen', 'py', '-out', this.generated, 'idl/backup.thrift']);
  }

  /** Emits one message for each list of calls. */
  async emit(args: readonly string[], messages: readonly (readonly object[])[]): Promise<void> {
    await this.run('producer.py', args, messages.map((calls) => `${JSON.stringify(calls)}\n`).join(''));
  }

  /** Handles `count` calls. */
  async handle(queue: string, count: number, ...flags: string[]): Promise<PythonCall[]> {
    const lines = await this.run('worker.py', [queue, String(count), ...flags]);
    return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as PythonCall]));
  }

  /** Runs one of the programs to its end. Gives what it printed, rejects with what it complained of. */
  async run(script: string, args: readonly string[], input = ''): Promise<string> {
    const env = {
      ...process.env,
      ...this.sqs,
      AWS_DEFAULT_REGION: this.sqs['AWS_REGION'],
      PYTHONPATH: this.generated,
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const child = spawn(resolve('build/python/bin/python'), [join(HERE, script), ...args], { env });
    this.running.add(child);
    child.stdin.end(input);
    const ended = once(child, 'close');
    const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await ended) as [number | null];
    this.running.delete(child);
    if (code === 0) return out;
    throw new Error(`${script} ended with ${code}: ${complaint}`);
  }

  /** Ends what is left and removes the generated code. */
  close(): void {
    for (const child of this.running) child.kill('SIGKILL');
    rmSync(this.generated, { recursive: true, force: true });
  }
}
