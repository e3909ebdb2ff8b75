import { queueNameOf, type Input } from './input.js';
import type { StoredMessage } from './model.js';
import { QueueState, type Surroundings } from './queue-state.js';
import type { QueueSettings } from './queue-settings.js';
import { badValue, noSuchQueue, Refusal } from './refusal.js';

/** Every queue belongs to this account. */
export const ACCOUNT = '000000000000';

/** After a deletion the name cannot be used for this long; a purge cannot be repeated for as long. */
export const MINUTE_MS = 60_000;

const NAME = /^[A-Za-z0-9_-]{1,80}$|^(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo$/;

/** The queues of the server by name. */
export class Queues {
  private readonly queues = new Map<string, QueueState>();
  private readonly deletedAt = new Map<string, number>();

  constructor(
    private readonly around: Pick<Surroundings, 'clock'> & {
      readonly region: string;
      readonly onStored: (queue: QueueState, message: StoredMessage) => void;
    },
  ) {}

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.around.region}:${ACCOUNT}:${name}`;
  }

  find(name: string): QueueState | undefined {
    return this.queues.get(name);
  }

  /** Those whose dead-letter queue has this name. */
  givingTo(name: string): readonly QueueState[] {
    return [...this.queues.values()].filter(({ settings }) => settings.redrive?.target === name);
  }

  /** The queue of a request. */
  of(input: Input): QueueState {
    return this.get(queueNameOf(input));
  }

  get(name: string): QueueState {
    const queue = this.queues.get(name);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  create(name: string, settings: QueueSettings): QueueState {
    if (!NAME.test(name)) {
      const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
      throw badValue('QueueName', name, reason);
    }
    this.checkRedrive(name, settings);
    if (this.around.clock.now() - (this.deletedAt.get(name) ?? -Infinity) < MINUTE_MS) {
      const message =
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.';
      throw new Refusal('QueueDeletedRecently', message);
    }
    const queue = new QueueState(name, this.arnOf(name), settings, {
      ...this.around,
      find: (target) => this.find(target),
    });
    this.queues.set(name, queue);
    return queue;
  }

  delete(queue: QueueState): void {
    this.queues.delete(queue.name);
    this.deletedAt.set(queue.name, this.around.clock.now());
    queue.waiters.rejectAll(noSuchQueue);
  }

  /** A dead-letter queue must be there and of the same type. */
  checkRedrive(name: string, { redrive }: QueueSettings): void {
    if (redrive === undefined) return;
    const target = this.queues.get(redrive.target);
    const sameType = redrive.target.endsWith('.fifo') === name.endsWith('.fifo');
    if ((target === undefined && redrive.target !== name) || !sameType) {
      throw badValue('RedrivePolicy', redrive.target, 'Dead letter target does not exist or is of another type');
    }
  }
}
