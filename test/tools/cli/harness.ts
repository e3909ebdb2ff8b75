import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { startEmbeddedSqs, type EmbeddedQueue, type EmbeddedSqs } from '#lib/testing/index.js';
import { call } from '../../fakes/sqs/call.js';

const MAIN = resolve('dist', 'tools', 'cli', 'main.js');

/** How a command ended. Without the last line break. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is given beside its arguments. */
export interface Given {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that is running. */
export interface Running {
  readonly pid: number;
  /** Resolves with what it has printed so far, once that contains `part`. Rejects when it ends before. */
  printed(part: string): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** The command line as people run it: in processes of its own, against an SQS over HTTP. */
export class CommandLine {
  private constructor(readonly sqs: EmbeddedSqs) {}

  static async start(): Promise<CommandLine> {
    return new CommandLine(await startEmbeddedSqs());
  }

  /** Creates a queue. */
  createQueue(name: string, attributes: Readonly<Record<string, string>> = {}): Promise<EmbeddedQueue> {
    return this.sqs.createQueue(name, attributes);
  }

  /** Runs a command in a pipe, to its end. */
  run(args: readonly string[], given: Given = {}): Promise<Ended> {
    return this.begin(args, given).ended;
  }

  /** Runs a command on a terminal, with what a person types into it. What it prints is all in `stdout`, as on a screen. */
  onTerminal(args: readonly string[], typed: string): Promise<Ended> {
    const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
    return this.spawn('script', ['-qefc', command, '/dev/null'], { input: typed }).ended;
  }

  /** Starts a line of Bash. */
  shell(command: string): Running {
    return this.spawn('bash', ['-c', command], {});
  }

  /** Starts a command in a pipe. */
  begin(args: readonly string[], given: Given = {}): Running {
    return this.spawn(process.execPath, [MAIN, ...args], given);
  }

  stop(): Promise<void> {
    return this.sqs.stop();
  }

  private spawn(program: string, args: readonly string[], { input = '', env = {} }: Given): Running {
    const child = spawn(program, args, {
      env: { ...process.env, ...this.sqs.env, AWS_ENDPOINT_URL: this.sqs.endpoint, COLUMNS: '100', ...env },
    });
    // A command that does not read its input may have ended before it is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    let soFar = '';
    child.stdout.on('data', (chunk: Buffer) => (soFar += chunk.toString()));
    const all = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const ended = all.then(([stdout, stderr, [status]]) => ({
      status: status as number | null,
      stdout: stdout.trimEnd(),
      stderr: stderr.trimEnd(),
    }));
    return {
      pid: child.pid!,
      ended,
      kill: (signal) => void child.kill(signal),
      async printed(part) {
        while (!soFar.includes(part)) {
          const over = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended]);
          if (over !== undefined && !soFar.includes(part)) {
            throw new Error(`it ended with ${over.status} before it printed ${JSON.stringify(part)}: ${over.stderr}`);
          }
        }
        return soFar;
      },
    };
  }
}

/** Messages of a queue, as SQS counts them. */
export async function depthOf(
  { endpoint }: EmbeddedSqs,
  { url }: EmbeddedQueue,
): Promise<[visible: number, inFlight: number]> {
  const answer = await askSqs(endpoint, 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
  const counts = answer['Attributes'] as Record<string, string>;
  return [Number(counts['ApproximateNumberOfMessages']), Number(counts['ApproximateNumberOfMessagesNotVisible'])];
}

/** Puts bodies into a queue, ten at a time, with attributes of text. */
export async function fill(
  { endpoint }: EmbeddedSqs,
  { url }: EmbeddedQueue,
  bodies: readonly string[],
  attributes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  for (let at = 0; at < bodies.length; at += 10) {
    const Entries = bodies
      .slice(at, at + 10)
      .map((MessageBody, i) => ({ Id: String(i), MessageBody, MessageAttributes }));
    await askSqs(endpoint, 'SendMessageBatch', { QueueUrl: url, Entries });
  }
}

/** A request that has to succeed. */
export async function askSqs(endpoint: string, action: string, body: object): Promise<Record<string, unknown>> {
  const { status, body: answer } = await call({ endpoint }, action, { ...body });
  if (status !== 200) throw new Error(`${action}: ${JSON.stringify(answer)}`);
  return answer;
}
