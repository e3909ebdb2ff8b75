import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { describeContract } from './contract.js';

/**
 * Holds the outcome of Apache's Python library for some bytes. `notes` lists input that Python
 * accepts although the IDL or the protocol forbids it.
 */
export interface PythonOutcome {
  readonly ok: boolean;
  readonly calls?: readonly unknown[];
  readonly error?: string;
  readonly notes: readonly string[];
}

/** Made by test/interop/python/setup.sh. */
const PYTHON = 'build/python/bin/python';

/** A Python process that reads messages with Apache's library, for as long as it is open. */
export class PythonOutcomes {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private readonly answers: AsyncIterator<string>;

  constructor() {
    this.child = spawn(PYTHON, ['-B', 'test/fuzz/python/peer.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout! });
    this.answers = this.lines[Symbol.asyncIterator]();
    this.child.stdin!.write(`${JSON.stringify(describeContract())}\n`);
  }

  /** One outcome for each message, in order. */
  async read(protocol: ProtocolName, messages: readonly Buffer[]): Promise<PythonOutcome[]> {
    this.child.stdin!.write(messages.map((bytes) => `${protocol} ${bytes.toString('base64')}\n`).join(''));
    const outcomes: PythonOutcome[] = [];
    while (outcomes.length < messages.length) {
      const { value, done } = await this.answers.next();
      if (done) throw new Error('the Python process ended');
      outcomes.push(JSON.parse(value) as PythonOutcome);
    }
    return outcomes;
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.stdin!.end();
    await ended;
    this.lines.close();
  }
}
