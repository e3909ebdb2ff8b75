import { setImmediate } from 'node:timers/promises';
import type { EventCodec } from '../../../event/event-codec.js';
import { Batcher } from '../../../queue/batcher.js';
import { systemClock } from '../../../queue/clock.js';
import type { EntryResult, Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { drain } from '../queue/drain.js';
import { releaseMessages, commandRetryOptions, withoutContent } from '../queue/release.js';
import type { Destination, Destinations } from './destinations.js';
import { type DeadLetter, type DeadLetterFilter, matches, readDeadLetter } from './dead-letter.js';
import { MoveReport } from './move-report.js';

/** How long a message that stays is away from others at most, should this process die. One that comes back earlier is hidden again. */
const LEASE_SECONDS = 600;

/** What to do about a message of which a copy would be another one. */
const UNCOPIED =
  ', so no copy of it is made. SQS itself moves it as it is, where it does so (without --by-hand, --limit and filters); else peek --take takes it away';

/** What a {@link HandMove} is made of. */
export interface HandMoveParts {
  /** As messages are in it: not unwrapped in any way. */
  readonly source: Queue;
  readonly destinations: Pick<Destinations, 'find'>;
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
 * Moves messages by receiving them, sending a copy, and deleting them once that is stored. What stays is hidden meanwhile, so that it is
 * seen once, and handed back at the end. On a FIFO queue the messages of a group go one after the other, and none goes past one that failed.
 */
export class HandMove {
  readonly moveReport = new MoveReport();
  /** Messages that could not be handed back at the end. */
  notHandedBack = 0;
  /** What stays, by id, with the receipt of its latest delivery and without its content. */
  private readonly held = new Map<string, ReceivedMessage>();
  /** What is being looked at or moved, by id, as it was delivered last: only the receipt of that is sure to delete it. */
  private readonly moving = new Map<string, ReceivedMessage>();
  /** Ids of all that was moved: a queue may give out again what was deleted. */
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

  /** Ends when the queue has no more, when enough were moved, or in order when the signal aborts. */
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
      this.notHandedBack = await releaseMessages(source, [...this.held.values()]);
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
    const { filter, limit = Infinity } = this.parts;
    this.moving.set(id, message);
    const deadLetter = await this.read(message);
    if (signal.aborted) return this.hold(this.ended(message));
    if (!matches(deadLetter, filter) || this.claimed >= limit) {
      this.moveReport.left += 1;
      return this.hold(this.ended(message));
    }
    this.claimed += 1;
    const group = this.groupOf(message);
    const stuck = group !== undefined && this.stuckGroups.has(group);
    const outcome = stuck ? 'one before it in its message group stays' : await this.move(message, deadLetter);
    const latest = this.ended(message);
    if (typeof outcome === 'string') {
      this.claimed -= 1;
      this.moveReport.fail(outcome);
      if (group !== undefined) this.stuckGroups.add(group);
      return this.hold(latest);
    }
    this.moveReport.move(outcome.name, deadLetter);
    this.parts.progress(this.moveReport.moved);
    if (this.moveReport.moved === limit) this.enough.abort();
    if (this.parts.dryRun) return this.hold(latest);
    this.moved.add(id);
    await this.acknowledge(latest);
  }

  /** One at a time, and answers of SQS are taken in between: they would come too late for those who wait for them. */
  private async read(message: ReceivedMessage): Promise<DeadLetter> {
    const turn = this.turn.then(() => setImmediate());
    this.turn = turn;
    await turn;
    return readDeadLetter(message, this.parts.codec);
  }

  /** A message that is not being moved any longer, as it was delivered last. */
  private ended(message: ReceivedMessage): ReceivedMessage {
    const latest = this.moving.get(message.id) ?? message;
    this.moving.delete(message.id);
    return latest;
  }

  /** @returns where the message is now, or why it stays */
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

  /** The group in which its order counts. */
  private groupOf({ groupId }: ReceivedMessage): string | undefined {
    return this.parts.source.features.ordered ? groupId : undefined;
  }
}
