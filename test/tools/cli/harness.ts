import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { startEmbeddedSqs, type EmbeddedQueue, type EmbeddedSqs } from '#lib/testing.js';
import { call } from '../../fakes/sqs/call.js';
import { type Ended, runHosted } from './command-host.js';

export type { Ended } from './command-host.js';

/** The program, as built. */
export const MAIN = resolve('dist', 'tools', 'cli', 'main.js');

/** The program as a line of Bash begins with it. */
export const IN_SHELL = `'${process.execPath}' '${MAIN}'`;

/** Holds the input of a command besides its arguments. */
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

/** Counts the messages of a queue by state. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
}

/** A server that commands find by their environment. */
type Server = Pick<EmbeddedSqs, 'endpoint' | 'region' | 'credentials'>;

/** Where commands run. */
interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** The command line as built, with an SQS over HTTP where a command needs one. */
export class CommandLine {
  private queues = 0;

  private constructor(
    private readonly surroundings: Surroundings,
    private readonly embedded?: EmbeddedSqs,
  ) {}

  /** With an embedded SQS. */
  static async start(): Promise<CommandLine> {
    const sqs = await startEmbeddedSqs();
    return new CommandLine({ env: environmentOf(sqs) }, sqs);
  }

  /** With an SQS that the test itself runs, such as a fake. */
  static against(server: Server): CommandLine {
    return new CommandLine({ env: environmentOf(server) });
  }

  /** For commands that need no SQS. They run in the folder. */
  static withoutSqs(folder: string): CommandLine {
    return new CommandLine({ env: {}, folder });
  }

  /** Runs a command to its end, in the process that the commands of a suite share. */
  run(args: readonly string[], { input = '', env = {} }: Given = {}): Promise<Ended> {
    const folder = this.surroundings.folder ?? process.cwd();
    return runHosted({ args, input, env: this.environment(env), folder });
  }

  /** Runs a command to its end as people run it: in a process of its own, in a pipe. */
  runAlone(args: readonly string[], given: Given = {}): Promise<Ended> {
    return this.begin(args, given).ended;
  }

  /** Runs a command on a terminal, with what a person types into it. What it prints is all in `stdout`, as on a screen. */
  onTerminal(args: readonly string[], typed = ''): Promise<Ended> {
    const command = [IN_SHELL, ...args.map((word) => `'${word}'`)].join(' ');
    return this.spawn('script', ['-qefc', command, '/dev/null'], { input: typed }).ended;
  }

  /** Starts a line of Bash. */
  shell(command: string): Running {
    return this.spawn('bash', ['-c', command], {});
  }

  /** Starts a command in a process of its own, in a pipe. */
  begin(args: readonly string[], given: Given = {}): Running {
    return this.spawn(process.execPath, [MAIN, ...args], given);
  }

  /** Creates a queue. */
  createQueue(name: string, attributes: Readonly<Record<string, string>> = {}): Promise<EmbeddedQueue> {
    return this.sqs.createQueue(name, { attributes });
  }

  /** Creates a queue that no other test uses: its name begins with `prefix`. */
  createOwnQueue(prefix: string): Promise<EmbeddedQueue> {
    this.queues += 1;
    return this.createQueue(`${prefix}-${this.queues}`);
  }

  /** Creates a queue with a dead-letter queue, whose name ends in `-dead` and which has the attributes. */
  async createQueueWithDeadLetters(
    name: string,
    maxReceiveCount: number,
    deadLetterAttributes: Readonly<Record<string, string>> = {},
  ): Promise<EmbeddedQueue> {
    const dead = await this.createQueue(`${name}-dead`, deadLetterAttributes);
    return this.createQueue(name, { RedrivePolicy: redrivePolicy(dead, maxReceiveCount) });
  }

  /** Puts bodies into a queue, ten at a time, with attributes of text. */
  async fill(
    queue: EmbeddedQueue,
    bodies: readonly string[],
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    for (let at = 0; at < bodies.length; at += 10) {
      const entries = bodies.slice(at, at + 10).map((MessageBody) => ({ MessageBody, MessageAttributes }));
      await this.sendBatch(queue, entries);
    }
  }

  /** Puts bodies into one message group of a FIFO queue, up to ten. */
  async fillGroup(queue: EmbeddedQueue, group: string, bodies: readonly string[]): Promise<void> {
    const entries = bodies.map((MessageBody, at) => ({
      MessageBody,
      MessageGroupId: group,
      MessageDeduplicationId: `${group}-${at}`,
    }));
    await this.sendBatch(queue, entries);
  }

  /** Messages of a queue, as SQS counts them. */
  async depth(queue: EmbeddedQueue): Promise<QueueDepth> {
    const { Attributes } = await this.ask('GetQueueAttributes', { QueueUrl: queue.url, AttributeNames: ['All'] });
    const counts = Attributes as Record<string, string>;
    return {
      visible: Number(counts['ApproximateNumberOfMessages']),
      inFlight: Number(counts['ApproximateNumberOfMessagesNotVisible']),
    };
  }

  /** A receive by somebody else, of up to ten messages. Resolves with how often each was received. */
  async receive(
    queue: EmbeddedQueue,
    options: { readonly max?: number; readonly hiddenSeconds?: number; readonly waitSeconds?: number } = {},
  ): Promise<readonly number[]> {
    const { max = 10, hiddenSeconds = 30, waitSeconds = 0 } = options;
    const { Messages = [] } = await this.ask('ReceiveMessage', {
      QueueUrl: queue.url,
      MaxNumberOfMessages: max,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: waitSeconds,
      AttributeNames: ['ApproximateReceiveCount'],
    });
    const messages = Messages as { readonly Attributes: { readonly ApproximateReceiveCount: string } }[];
    return messages.map(({ Attributes }) => Number(Attributes.ApproximateReceiveCount));
  }

  /** Sends a request of SQS. Resolves with the status and the answer. */
  request(action: string, body: object): ReturnType<typeof call> {
    return call(this.sqs, action, { ...body });
  }

  async stop(): Promise<void> {
    await this.embedded?.stop();
  }

  private get sqs(): EmbeddedSqs {
    if (this.embedded === undefined) throw new Error('this command line has no SQS of its own');
    return this.embedded;
  }

  private async sendBatch({ url }: EmbeddedQueue, entries: readonly object[]): Promise<void> {
    const Entries = entries.map((entry, at) => ({ Id: String(at), ...entry }));
    const { Failed = [] } = await this.ask('SendMessageBatch', { QueueUrl: url, Entries });
    if ((Failed as readonly unknown[]).length > 0) throw new Error(`SendMessageBatch: ${JSON.stringify(Failed)}`);
  }

  /** A request that has to succeed. */
  private async ask(action: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const { status, body: answer } = await call(this.sqs, action, { ...body });
    if (status !== 200) throw new Error(`${action}: ${JSON.stringify(answer)}`);
    return answer;
  }

  private environment(env: Readonly<Record<string, string>>): Record<string, string | undefined> {
    return { ...process.env, COLUMNS: '100', ...this.surroundings.env, ...env };
  }

  private spawn(program: string, args: readonly string[], { input = '', env = {} }: Given): Running {
    const child = spawn(program, args, {
      cwd: this.surroundings.folder,
      env: this.environment(env),
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

/** The attribute by which SQS moves what was received so often to a dead-letter queue. */
export function redrivePolicy({ arn }: Pick<EmbeddedQueue, 'arn'>, maxReceiveCount: number): string {
  return JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount });
}

function environmentOf({ endpoint, region, credentials }: Server): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: endpoint,
  };
}
