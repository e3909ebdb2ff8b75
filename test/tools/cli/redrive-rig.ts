import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { CommandLine, type Ended, type Given, type QueueDepth, type Running } from './harness.js';

/** The command line, against a fake SQS with the queue `backup` and its dead-letter queue `backup-dead`. */
export class RedriveRig {
  private readonly line: CommandLine;

  private constructor(readonly fake: SqsFake) {
    this.line = CommandLine.against(fake);
  }

  static async start(): Promise<RedriveRig> {
    const fake = await startSqsFake();
    fake.createQueue('backup-dead');
    fake.createQueue('backup', { redrive: { target: 'backup-dead', maxReceiveCount: 1 } });
    return new RedriveRig(fake);
  }

  /** Starts `redrive` from a queue in a process of its own. */
  begin(queue: string, ...args: string[]): Running {
    return this.line.begin(redriveFrom(queue, args));
  }

  /** Runs `redrive` from a queue, to its end. */
  redrive(queue: string, ...args: string[]): Promise<Ended> {
    return this.line.run(redriveFrom(queue, args));
  }

  /** Runs any command, to its end. */
  run(args: readonly string[], given: Given = {}): Promise<Ended> {
    return this.line.run(args, given);
  }

  /** The depths of queues by name. */
  depths(...queues: string[]): Record<string, QueueDepth> {
    return Object.fromEntries(
      queues.map((queue) => {
        const { visible, inFlight } = this.fake.depth(queue);
        return [queue, { visible, inFlight }];
      }),
    );
  }

  stop(): Promise<void> {
    return this.fake.stop();
  }
}

function redriveFrom(queue: string, args: readonly string[]): readonly string[] {
  return ['redrive', '--queue', queue, '--yes', ...args];
}
