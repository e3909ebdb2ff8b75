import { openSqsQueue, type Queue } from '#lib/port.js';
import type { EmbeddedSqs } from '#lib/testing.js';
import { call } from '../fakes/sqs/call.js';

/** Queues for the programs of other languages, whose messages come back after a second. */
export class PeerQueues {
  private count = 0;
  private readonly opened: Queue[] = [];
  private readonly urls = new Map<string, string>();

  constructor(private readonly sqs: EmbeddedSqs) {}

  async open(name: string, attributes: Readonly<Record<string, string>> = {}): Promise<Queue> {
    const unique = `${name}-${++this.count}`;
    this.urls.set(
      unique,
      (await this.sqs.createQueue(unique, { attributes: { VisibilityTimeout: '1', ...attributes } })).url,
    );
    const { endpoint, region, credentials } = this.sqs;
    const queue = await openSqsQueue({ queue: unique, endpoint, region, credentials });
    this.opened.push(queue);
    return queue;
  }

  /** A queue whose messages come twice and then go to another one. */
  async openWithDeadLetters(): Promise<{ queue: Queue; deadLetters: Queue }> {
    const deadLetters = await this.open('dead-letters');
    const deadLetterTargetArn = `arn:aws:sqs:${this.sqs.region}:000000000000:${deadLetters.name}`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '2' });
    return { queue: await this.open('faults', { RedrivePolicy }), deadLetters };
  }

  /** Counts the visible and hidden messages of a queue. */
  async depth(queue: Queue): Promise<readonly [number, number]> {
    const QueueUrl = this.urls.get(queue.name);
    const { body } = await call(this.sqs, 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    const Attributes = body.Attributes as Record<string, string>;
    return [
      Number(Attributes['ApproximateNumberOfMessages']),
      Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
    ];
  }

  async close(): Promise<void> {
    for (const queue of this.opened.splice(0)) await queue.close();
  }
}

export async function send(queue: Queue, ...bodies: readonly string[]): Promise<void> {
  for (const body of bodies) {
    const [sent] = await queue.send([{ body }]);
    if (sent?.ok !== true) throw new Error(`${queue.name} did not take a body of ${body.length} characters`);
  }
}

/** Takes so many messages and gives their bodies. */
export async function receiveAll(queue: Queue, messages: number): Promise<unknown[]> {
  const bodies: unknown[] = [];
  while (bodies.length < messages) {
    const received = await queue.receive({ max: 10, waitSeconds: 20, visibilityTimeoutSeconds: 60 });
    if (received.length === 0) throw new Error(`only ${bodies.length} messages came`);
    bodies.push(...received.map(({ body }) => body));
  }
  return bodies;
}
