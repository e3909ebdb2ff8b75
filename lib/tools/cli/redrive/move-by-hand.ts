import { setImmediate } from 'node:timers/promises';
import type { EventCodec } from '../../../event/event-codec.js';
import { Batcher } from '../../../queue/batcher.js';
import { systemClock } from '../../../queue/clock.js';
import type { EntryResult, Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { drain } from '../queue/drain.js';
import { releaseMessages, commandRetryOptions, withoutContent } from '../queue/release.js';
import type { Destination, MoveDestinations } from './destinations.js';
import { type DeadLetter, type DeadLetterFilter, matches, readDeadLetter } from './dead-letter.js';
import { MoveReport } from './move-report.js';

/**
 * A message that stays is hidden this long at most, should this process die. One that comes back
 * earlier is hidden again.
 */
const LEASE_SECONDS = 600;

/** Advice for a message that a copy would change. */
const UNCOPIED =
  ', so no copy of it is made. SQS itself moves it as it is, where it does so (without --by-hand, --limit and filters); else peek --take takes it away';

/** The parts of a {@link HandMove}. */
export interface HandMoveParts {
  /** Gives messages as they were sent, not unwrapped. */
  readonly source: Queue;
  readonly destinations: Pick<MoveDestinations, 'find'>;
  readonly codec: EventCodec | undefined;
  readonly filter: DeadLetterFilter;
  /** Where all messages go; by default each to where it came from. */
  readonly to?: string;
  /** At most so many are moved. */
  readonly limit?: number;
  /** Moves nothing, and counts what it would. */
  readonly dryRun: boolean;
  readonly progress: (moved: number) => void;
}

/**
 * Moves messages one by one: receives each, sends a copy, and deletes it once the copy is stored.
 * Messages that stay are hidden meanwhile, so that each is seen once, and released at the end. On a
 * FIFO queue the messages of a group are moved in order, and none passes one that failed.
 */
export class HandMove {
  readonly moveReport = new MoveReport();
  /** Messages that could not be released at the end. */
  unreleased = 0;
  /** Messages that stay, by id, with the receipt of the latest delivery and without content. */
  private readonly held = new Map<string, ReceivedMessage>();
  /**
   * Messages that are being read or moved, by id, as they were delivered last. Only the latest
   * receipt is sure to delete a message.
   */
  private readonly moving = new Map<string, ReceivedMessage>();
  /** Ids of moved messages: a queue may deliver a message again after its deletion. */
  private readonly moved = new Set<string>();
  private readonly undeleted = new Set<string>();
  private readonly stuckGroups = new Set<string>();
  private readonly removals: Batcher<ReceivedMessage, EntryResult>;
  private readonly enough = new AbortController();
  private claimed = 0;
  private turn = Promise.resolve();

  constructor(private readonly parts: HandMoveParts) {
    const { source } = parts;
    this.removals = new Batcher({
      ...commandRetryOptions(source),
      clock: systemClock,
      run: (messages) => source.acknowledge(messages),
    });
  }

  /** Ends when the queue is empty, when enough were moved, or in order when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { source, limit, filter } = this.parts;
    const limited = limit !== undefined;
    const open = filter.method === undefined && filter.reason === undefined;
    const most = source.limits.batchEntries;
    const ends = AbortSignal.any([signal, this.enough.signal]);
    try {
      await drain(source, ends, (messages) => this.take(messages, signal), {
        leaseSeconds: LEASE_SECONDS,
        ...(limited && { workers: 1 }),
        ...(limited && open && { max: () => Math.min(most, Math.max(1, limit - this.claimed)) }),
      });
    } finally {
      this.unreleased = await releaseMessages(source, [...this.held.values()]);
    }
  }

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
    const { id } = message;
    if (this.moved.has(id)) return this.acknowledge(message);
    if (this.moving.has(id)) return void this.moving.set(id, message);
    if (this.held.has(id) || signal.aborted) return this.hold(message);
    this.moving.set(id, message);
    const deadLetter = await this.read(message);
    if (signal.aborted) return this.hold(this.ended(message));
    if (!this.isWanted(deadLetter)) {
      this.moveReport.left += 1;
      return this.hold(this.ended(message));
    }
    if (this.isStuck(message)) return this.fail(message, 'one before it in its message group stays');
    this.claimed += 1;
    const outcome = await this.move(message, deadLetter);
    if (typeof outcome !== 'string') return this.finish(message, outcome, deadLetter);
    this.claimed -= 1;
    this.fail(message, outcome);
  }

  private isWanted(deadLetter: DeadLetter): boolean {
    const { filter, limit = Infinity } = this.parts;
    return matches(deadLetter, filter) && this.claimed < limit;
  }

  private isStuck(message: ReceivedMessage): boolean {
    const group = this.groupOf(message);
    return group !== undefined && this.stuckGroups.has(group);
  }

  /** Reports a message that was moved, and deletes it. */
  private async finish(message: ReceivedMessage, { name }: Destination, deadLetter: DeadLetter): Promise<void> {
    const latest = this.ended(message);
    this.moveReport.move(name, deadLetter);
    this.parts.progress(this.moveReport.moved);
    if (this.moveReport.moved === this.parts.limit) this.enough.abort();
    if (this.parts.dryRun) return this.hold(latest);
    this.moved.add(latest.id);
    await this.acknowledge(latest);
  }

  /** Reports a message that could not be moved. What follows it in its message group stays, too. */
  private fail(message: ReceivedMessage, error: string): void {
    this.moveReport.fail(error);
    const group = this.groupOf(message);
    if (group !== undefined) this.stuckGroups.add(group);
    this.hold(this.ended(message));
  }

  /**
   * Decodes one message at a time. Lets answers of SQS in between: else they would come too late
   * for those who wait for them.
   */
  private async read(message: ReceivedMessage): Promise<DeadLetter> {
    const turn = this.turn.then(() => setImmediate());
    this.turn = turn;
    await turn;
    return readDeadLetter(message, this.parts.codec);
  }

  /** Ends the move of a message, and returns it as it was delivered last. */
  private ended(message: ReceivedMessage): ReceivedMessage {
    const latest = this.moving.get(message.id) ?? message;
    this.moving.delete(message.id);
    return latest;
  }

  /** @returns the new place of the message, or the reason why it stays */
  private async move(message: ReceivedMessage, { source }: DeadLetter): Promise<Destination | string> {
    const { destinations, dryRun, to = source } = this.parts;
    if (message.defect !== undefined) return `${message.defect.detail}${UNCOPIED}`;
    if (to === undefined) return 'nothing tells which queue it came from; give one with --to';
    try {
      const destination = await destinations.find(to);
      const outcome: EntryResult = dryRun ? { ok: true } : await destination.store(message);
      return outcome.ok ? destination : outcome.error.message;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async acknowledge(message: ReceivedMessage): Promise<void> {
    const { ok } = await this.removals.add(message);
    if (ok) this.undeleted.delete(message.id);
    else this.undeleted.add(message.id);
    this.moveReport.doubled = this.undeleted.size;
  }

  private hold(message: ReceivedMessage): void {
    this.held.set(message.id, withoutContent(message));
  }

  /** Returns the message group in which the order counts: undefined on a standard queue. */
  private groupOf({ groupId }: ReceivedMessage): string | undefined {
    return this.parts.source.features.ordered ? groupId : undefined;
  }
}
