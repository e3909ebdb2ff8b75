import { setImmediate } from 'node:timers/promises';
import type { EventCodec } from '../../../event/event-codec.js';
import { Batcher } from '../../../queue/batcher.js';
import type { EntryResult, Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { drain } from '../queue/drain.js';
import { commandBatching, releaseMessages } from '../queue/release.js';
import type { Destination, MoveDestinations } from './destinations.js';
import { type DeadLetterFacts, type DeadLetterFilter, matches, readDeadLetterFacts } from './dead-letter.js';
import { MessageStates } from './message-states.js';
import type { MoveSources } from './move-sources.js';
import { MoveLimit } from './move-limit.js';
import { MoveReport } from './move-report.js';

/**
 * Limits how long a message stays hidden if this process dies. A repeated message is hidden again.
 */
const LEASE_SECONDS = 600;

/** Advice for a message that cannot be copied exactly. */
const UNCOPIED =
  ', so it cannot be copied exactly. Run redrive without --by-hand, --limit and filters to let SQS move it, or take it out with peek --take';

export interface HandMoveParts {
  /** Delivers messages as they were sent, still in their envelopes. */
  readonly source: Queue;
  readonly destinations: Pick<MoveDestinations, 'find'>;
  /** Finds the queue that a message came from. */
  readonly sources: Pick<MoveSources, 'find'>;
  readonly codec: EventCodec | undefined;
  readonly filter: DeadLetterFilter;
  /** Destination of all messages. Default: each message goes to the queue it came from. */
  readonly to?: string;
  /** Largest number of messages to move. Default: no limit. */
  readonly limit?: number;
  /** True counts the messages that would be moved, and moves none. */
  readonly dryRun: boolean;
  readonly progress: (moved: number) => void;
}

/**
 * Moves messages one by one: receives each message, sends a copy, and deletes the message once the
 * copy is stored. Messages that stay are hidden meanwhile, so that each is seen once, and released
 * at the end. On a FIFO queue the messages of a group move in order, and none passes a message that
 * failed.
 */
export class HandMove {
  readonly moveReport = new MoveReport();
  private readonly messages = new MessageStates();
  private readonly limit: MoveLimit;
  /** Message groups in which a message could not be moved. */
  private readonly stuckGroups = new Set<string>();
  private readonly removals: Batcher<ReceivedMessage, EntryResult>;
  /** The turn of the event loop in which the last message is read. */
  private turn = Promise.resolve();

  constructor(private readonly parts: HandMoveParts) {
    const { source, limit } = parts;
    this.limit = new MoveLimit(limit);
    this.removals = new Batcher({ run: (messages) => source.acknowledge(messages) }, commandBatching(source));
  }

  /**
   * Ends when the queue is empty, when the limit is reached, or in order when the signal aborts.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { source, limit, filter } = this.parts;
    const limited = limit !== undefined;
    const open = filter.method === undefined && filter.reason === undefined;
    const most = source.limits.batchEntries;
    const ends = AbortSignal.any([signal, this.limit.reached]);
    try {
      await drain(source, ends, (messages) => this.take(messages, signal), {
        leaseSeconds: LEASE_SECONDS,
        ...(limited && { workers: 1 }),
        ...(limited && open && { max: () => Math.min(most, Math.max(1, this.limit.left)) }),
      });
    } finally {
      this.moveReport.doubled = this.messages.undeletedCount;
      this.moveReport.unreleased = await releaseMessages(source, this.messages.heldMessages());
    }
  }

  /** Settles the messages of each group in order, and the groups side by side. */
  private async take(messages: readonly ReceivedMessage[], signal: AbortSignal): Promise<readonly EntryResult[]> {
    const lines = new Map<string, ReceivedMessage[]>();
    for (const message of messages) {
      const key = this.groupOf(message) ?? message.receipt;
      lines.set(key, [...(lines.get(key) ?? []), message]);
    }
    await Promise.all(
      [...lines.values()].map(async (line) => {
        for (const message of line) await this.settle(message, signal);
      }),
    );
    return [];
  }

  private async settle(message: ReceivedMessage, signal: AbortSignal): Promise<void> {
    const state = this.messages.receive(message);
    // The queue may deliver a message again after its deletion.
    if (state === 'moved') return this.acknowledge(message);
    if (state !== undefined) return;
    if (signal.aborted) return this.messages.hold(message.id);
    const deadLetter = await this.read(message);
    if (signal.aborted) return this.messages.hold(message.id);
    if (!matches(deadLetter, this.parts.filter) || this.limit.left <= 0) return this.leave(message);
    if (this.isStuck(message)) return this.fail(message, 'an earlier message of its group stays');
    await this.move(message, deadLetter);
  }

  private async move(message: ReceivedMessage, deadLetter: DeadLetterFacts): Promise<void> {
    this.limit.claim();
    const copied = await this.copy(message, deadLetter);
    if (typeof copied === 'string') {
      this.limit.cancel();
      return this.fail(message, copied);
    }
    this.limit.confirm();
    this.moveReport.move(copied.name, deadLetter);
    this.parts.progress(this.moveReport.moved);
    if (this.parts.dryRun) return this.messages.hold(message.id);
    await this.acknowledge(this.messages.move(message.id));
  }

  /** Keeps a message that the filter or the limit excludes. */
  private leave(message: ReceivedMessage): void {
    this.moveReport.left += 1;
    this.messages.hold(message.id);
  }

  /** Keeps a message that could not be moved. Later messages of its group stay too. */
  private fail(message: ReceivedMessage, error: string): void {
    this.moveReport.fail(error);
    const group = this.groupOf(message);
    if (group !== undefined) this.stuckGroups.add(group);
    this.messages.hold(message.id);
  }

  private isStuck(message: ReceivedMessage): boolean {
    const group = this.groupOf(message);
    return group !== undefined && this.stuckGroups.has(group);
  }

  /**
   * Reads one message per turn of the event loop. Answers of SQS would otherwise wait until all
   * messages are decoded.
   */
  private async read(message: ReceivedMessage): Promise<DeadLetterFacts> {
    const turn = this.turn.then(() => setImmediate());
    this.turn = turn;
    await turn;
    return readDeadLetterFacts(message, this.parts.codec);
  }

  /** Returns the destination that stored a copy, or the reason why the message stays. */
  private async copy(message: ReceivedMessage, { source }: DeadLetterFacts): Promise<Destination | string> {
    const { destinations, sources, dryRun, to } = this.parts;
    if (message.defect !== undefined) return `${message.defect.detail}${UNCOPIED}`;
    try {
      const destination = await destinations.find(to ?? (await sources.find(source)));
      const stored = await (dryRun ? destination.check(message) : destination.store(message));
      return stored.ok ? destination : stored.error.message;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async acknowledge(message: ReceivedMessage): Promise<void> {
    const { ok } = await this.removals.add(message);
    this.messages.noteDeletion(message.id, ok);
  }

  /** Returns the message group whose order counts; undefined on a standard queue. */
  private groupOf({ groupId }: ReceivedMessage): string | undefined {
    return this.parts.source.features.ordered ? groupId : undefined;
  }
}
