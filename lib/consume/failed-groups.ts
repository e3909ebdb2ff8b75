import { setNewest } from '../common/newest-entries.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { KnownRedrive } from './redrive.js';

/** Time in ms after which an overdue message is assumed to be gone, or with another receiver. */
const LATE_MS = 30_000;
/** Largest number of failed groups to remember. */
const MAX_GROUPS = 1_000;
/** The limit of receives to assume if the redrive policy is unknown. */
const ASSUMED_RECEIVES = 3;
/** Largest limit of receives of which no message behind a failed message may use half. */
const FEW_RECEIVES = 5;

/** A group whose first message failed. */
interface GroupFailure {
  /** When the message is visible again. Undefined while a delivery of it is in hand. */
  dueAt: number | undefined;
  /** Highest receive count of a message behind it that never ran. */
  receives: number;
}

/**
 * Remembers the message groups whose first message failed, here or in another worker. A receive that
 * returns such a message returns messages behind it too, which are released when it fails again.
 * Those messages could reach the limit of receives before they ever run. So a receive requests only
 * one message, once a waiting message is halfway to that limit and the failed message may be due.
 * With a limit of five or less it does so from the first failure on.
 */
export class FailedGroups {
  private readonly groups = new Map<string, GroupFailure>();
  private readonly few: number;

  constructor(redrive: KnownRedrive, maxReceives: number) {
    const ofQueue = redrive === 'unknown' ? ASSUMED_RECEIVES : (redrive?.maxReceiveCount ?? Infinity);
    const most = Math.min(ofQueue, maxReceives);
    this.few = most <= FEW_RECEIVES ? 1 : Math.floor(most / 2);
  }

  /** Notes that the first message of a group failed and is visible again at `dueAt`. */
  failed(group: string, dueAt: number): void {
    const { receives } = this.groups.get(group) ?? { receives: 0 };
    setNewest(this.groups, group, { dueAt, receives }, MAX_GROUPS);
  }

  /** Notes that a message behind the first message of the group was received, or released again. */
  behind(group: string, { receiveCount }: Pick<ReceivedMessage, 'receiveCount'>): void {
    const failure = this.groups.get(group);
    if (failure) failure.receives = Math.max(failure.receives, receiveCount);
  }

  /**
   * Notes that the first message of the group is in hand. The queue locks the group until it is
   * settled. A message that comes again has failed before, whoever received it.
   */
  received(group: string, { receiveCount }: Pick<ReceivedMessage, 'receiveCount'>): void {
    const failure = this.groups.get(group);
    if (failure) failure.dueAt = undefined;
    else if (receiveCount > 1) setNewest(this.groups, group, { dueAt: undefined, receives: 0 }, MAX_GROUPS);
  }

  /** Notes that the message left without a settlement, and is visible again by `dueAt`. */
  left(group: string, dueAt: number): void {
    const failure = this.groups.get(group);
    if (failure) failure.dueAt ??= dueAt;
  }

  /** Forgets the group: its first message has left the queue. */
  gone(group: string): void {
    this.groups.delete(group);
  }

  /** True if a receive open from `now` for `ms` may return a message that should come alone. */
  mayCome(now: number, ms: number): boolean {
    for (const [group, { dueAt = now }] of this.groups) if (now > dueAt + LATE_MS) this.groups.delete(group);
    return [...this.groups.values()].some(({ dueAt = now, receives }) => receives >= this.few && dueAt <= now + ms);
  }
}
