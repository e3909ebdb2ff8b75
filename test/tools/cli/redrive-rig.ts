import { startSqsFake, type SqsFake } from '../../fakes/sqs/sqs-fake.js';
import { type CommandLine, type Running } from './harness.js';

/** `redrive` as a process, against a fake SQS with the queue `backup` and its dead-letter queue `backup-dead`. */
export class RedriveRig {
  private constructor(
    private readonly line: CommandLine,
    readonly fake: SqsFake,
  ) {}

  static async start(line: CommandLine): Promise<RedriveRig> {
    const fake = await startSqsFake();
    fake.createQueue('backup-dead');
    fake.createQueue('backup', { redrive: { target: 'backup-dead', maxReceiveCount: 1 } });
    return new RedriveRig(line, fake);
  }

  begin(queue: string, ...args: string[]): Running {
    return this.line.begin(['redrive', '--queue', queue, '--yes', ...args], {
      env: { AWS_ENDPOINT_URL: this.fake.endpoint },
    });
  }

  depth(queue: string): [visible: number, inFlight: number] {
    const { visible, inFlight } = this.fake.depth(queue);
    return [visible, inFlight];
  }
}
