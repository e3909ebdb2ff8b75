import { ThriftTransportError } from '../common/transport-error.js';
import { brand } from '../common/brand.js';
import { checkOptionNames } from '../common/option-names.js';
import { messageOf } from '../diagnostics/error-text.js';
import { booleanOption, choiceOption } from '../queue/options.js';
import { ItemReader, type Items } from './item-reader.js';
import type { PostedCall } from './send-buffer.js';

/** Limits the failures that a result lists, so that a failing queue cannot fill the memory. */
const LISTED_FAILURES = 1_000;

/**
 * Configures the emission of many calls.
 *
 * @publicApi
 */
export interface EmitAllOptions {
  /**
   * Decides what a failed call does. `stop` takes no further item and rejects once the calls before
   * have ended. `collect` goes on, and the result lists the failures. Default `stop`.
   */
  readonly onError?: 'stop' | 'collect' | undefined;
  /**
   * True returns the message ids in the order of the items. The ids need memory for every item.
   * Default false.
   */
  readonly ids?: boolean | undefined;
}

/**
 * Describes a call that was not stored.
 *
 * @publicApi
 */
export interface EmitFailure {
  /** Position of the item, from 0. */
  readonly index: number;
  readonly error: Error;
}

/**
 * Counts the ends of many calls.
 *
 * @publicApi
 */
export interface EmitAllResult {
  /** Number of calls that the queue has stored. */
  readonly stored: number;
  /** Number of calls that were not stored. */
  readonly failed: number;
  /** Lists failed calls as they failed, at most the first 1 000. Empty without `collect`. */
  readonly failures: readonly EmitFailure[];
  /** Message ids by position of their item; undefined for a failed call. Empty without `ids`. */
  readonly ids: readonly (string | undefined)[];
}

/**
 * Reports that the emission of many calls stopped. Every item before position `stored + failed` was
 * emitted and has ended; no later item was emitted.
 *
 * @publicApi
 */
export class EmitAllError extends ThriftTransportError {
  static {
    brand(this, 'EmitAllError');
  }

  override readonly name = 'EmitAllError';
  readonly code = 'emit-all-stopped';

  /**
   * @param index position of the item that failed first, from 0
   * @param stored number of calls that the queue has stored
   * @param failed number of calls that were not stored, the first failure included
   */
  constructor(
    readonly index: number,
    readonly stored: number,
    readonly failed: number,
    /** The failure. Any value, if the items or a getter threw it. */
    override readonly cause: Error,
  ) {
    const counts = `${stored} stored, ${failed} not stored`;
    super(`emitAll stopped at item ${index} (${counts}, later items not emitted): ${messageOf(cause)}`, { cause });
  }
}

/**
 * Publishes a call for each item, one after another. `post` waits while the send buffer is full, so
 * the buffer bounds the calls in memory. Resolves when every call has ended.
 *
 * @throws EmitAllError a call failed and `onError` is `stop`, or the items themselves failed
 * @throws TypeError an option is not acceptable, or the items are not iterable
 */
export async function publishAll<Item>(
  items: Items<Item>,
  post: (item: Item) => Promise<PostedCall>,
  options: EmitAllOptions = {},
): Promise<EmitAllResult> {
  checkOptionNames('emitAll', options, { onError: true, ids: true });
  const stopsOnError = choiceOption('onError', options.onError, ['stop', 'collect']) === 'stop';
  const reader = new ItemReader(items);
  const run = new Run(booleanOption('ids', options.ids, false), stopsOnError, () => reader.stop());
  try {
    for (let next = await reader.next(); next && !run.stopped; next = await reader.next()) {
      await run.add(post(next.item));
      if (run.stopped) break;
    }
  } catch (error) {
    run.stopAt(run.next, error as Error);
  }
  await reader.close();
  await run.whenEnded();
  return run.result();
}

/** Follows the calls of one emission. */
class Run {
  /** Position of the next item. */
  next = 0;
  private stored = 0;
  private failed = 0;
  private readonly failures: EmitFailure[] = [];
  private readonly ids: (string | undefined)[] = [];
  private stop: EmitFailure | undefined;
  private waiting = 0;
  private wake: (() => void) | undefined;

  constructor(
    private readonly keepsIds: boolean,
    private readonly stopsOnError: boolean,
    private readonly onStop: () => void,
  ) {}

  get stopped(): boolean {
    return this.stop !== undefined;
  }

  /** Waits until a call is in the buffer. The end of the call is counted later. */
  async add(posting: Promise<PostedCall>): Promise<void> {
    const index = this.next;
    this.next += 1;
    if (this.keepsIds) this.ids.push(undefined);
    try {
      const { stored } = await posting;
      this.waiting += 1;
      void stored
        .then(
          (id) => this.succeed(index, id),
          (error: Error) => this.fail(index, error),
        )
        .then(() => this.ended());
    } catch (error) {
      this.fail(index, error as Error);
    }
  }

  /** Takes no further item. The first stop counts. */
  stopAt(index: number, error: Error): void {
    this.stop ??= { index, error };
    this.onStop();
  }

  async whenEnded(): Promise<void> {
    if (this.waiting > 0) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  /** @throws EmitAllError the emission stopped */
  result(): EmitAllResult {
    const { stored, failed, failures, ids, stop } = this;
    if (stop) throw new EmitAllError(stop.index, stored, failed, stop.error);
    return { stored, failed, failures, ids };
  }

  private succeed(index: number, id: string): void {
    this.stored += 1;
    if (this.keepsIds) this.ids[index] = id;
  }

  private fail(index: number, error: Error): void {
    this.failed += 1;
    if (this.stopsOnError) this.stopAt(index, error);
    else if (this.failures.length < LISTED_FAILURES) this.failures.push({ index, error });
  }

  private ended(): void {
    this.waiting -= 1;
    if (this.waiting === 0) this.wake?.();
  }
}
