import type { RedrivePolicy } from '../queue/queue.js';

/** How the messages of groups run. */
export interface GroupWork<T> {
  /** The ordering key; work without one runs at once. */
  readonly keyOf: (item: T) => string | undefined;
  /** Runs an item; false when it will come again, so that its successors must not run before it. Never rejects. */
  readonly run: (item: T) => Promise<boolean>;
  /** Called for each item that must wait for one before it. */
  readonly waits: (item: T) => void;
  /** Called when an item has run; `followed` when the next one of its key starts in its stead. */
  readonly ended: (followed: boolean) => void;
  /** Takes what will not run; `waited` says whether it had to wait before. */
  readonly release: (items: readonly T[], waited: boolean) => void;
}

/**
 * Keeps the order inside a key and nothing else: one item of a key at a time, different keys side by side. When an item fails,
 * what waits behind it is released at once; the queue holds the key until the failed one is visible again.
 */
export class MessageGroups<T> {
  private readonly waiting = new Map<string, T[]>();
  private closed = false;

  constructor(private readonly work: GroupWork<T>) {}

  push(item: T): void {
    if (this.closed) return this.work.release([item], false);
    const key = this.work.keyOf(item);
    if (key === undefined) return void this.work.run(item).then(() => this.work.ended(false));
    const group = this.waiting.get(key);
    if (!group) return void this.follow(key, item);
    group.push(item);
    this.work.waits(item);
  }

  /** Releases everything that has not started, and whatever comes later. Items that run go on. */
  close(): void {
    this.closed = true;
    for (const group of this.waiting.values()) this.release(group);
  }

  private async follow(key: string, first: T): Promise<void> {
    const group: T[] = [];
    this.waiting.set(key, group);
    for (let item: T | undefined = first; item !== undefined; item = group.shift()) {
      if (!(await this.work.run(item))) this.release(group);
      this.work.ended(group.length > 0);
    }
    this.waiting.delete(key);
  }

  private release(group: T[]): void {
    if (group.length > 0) this.work.release(group.splice(0), true);
  }
}

/** So long after it was due a message that has not come back is somebody else's, or gone. */
const LATE_MS = 30_000;
/** Groups that are told apart, at most. */
const MAX_GROUPS = 1_000;
/** What SQS's console sets, where we may not look. */
const USUAL_RECEIVES = 10;

/** A group whose first message failed. */
interface GroupFailure {
  /** When that one comes back; not known while it is in hand, when it may fail at any moment. */
  dueAt: number | undefined;
  /** How often one behind it was received so far, though it never ran. */
  receives: number;
}

/**
 * Message groups whose first message failed. A receive that brings it again brings those behind it as well, which are released when it
 * fails again: so they could have been received too often before they ever ran. Once they are halfway there, a receive that may bring
 * such a message is to ask for one only. Not sooner: while one of them is due, that is so for all groups.
 */
export class FailedGroups {
  private readonly groups = new Map<string, GroupFailure>();
  private readonly halfway: number;

  /** What gives a message up that was received too often: the queue, after so many receives, or we. */
  constructor(redrive: RedrivePolicy | 'unknown' | undefined, maxReceives: number) {
    const ofQueue = redrive === 'unknown' ? USUAL_RECEIVES : (redrive?.maxReceiveCount ?? Infinity);
    this.halfway = Math.max(1, Math.floor(Math.min(ofQueue, maxReceives) / 2));
  }

  /** The first message of a group failed and comes back then. */
  failed(group: string, dueAt: number): void {
    const { receives } = this.groups.get(group) ?? { receives: 0 };
    this.groups.delete(group);
    this.groups.set(group, { dueAt, receives });
    if (this.groups.size > MAX_GROUPS) this.groups.delete(this.groups.keys().next().value!);
  }

  /** A message behind it was released. */
  released(group: string, receiveCount: number): void {
    const head = this.groups.get(group);
    if (head) head.receives = Math.max(head.receives, receiveCount);
  }

  /** A message of the group is in hand; until it is settled the queue gives out no other one of it. */
  received(group: string): void {
    const head = this.groups.get(group);
    if (head) head.dueAt = undefined;
  }

  /** It is not in hand any more, and nothing is known of it but that it is visible again by then. */
  left(group: string, dueAt: number): void {
    const head = this.groups.get(group);
    if (head) head.dueAt ??= dueAt;
  }

  /** The first message of a group is gone; the next one is one as any other. */
  gone(group: string): void {
    this.groups.delete(group);
  }

  /** Whether one may come within `ms` from `now` on that should come alone. A receive may be open for longer than one in hand runs. */
  mayCome(now: number, ms: number): boolean {
    for (const [group, { dueAt = now }] of this.groups) if (now > dueAt + LATE_MS) this.groups.delete(group);
    return [...this.groups.values()].some(({ dueAt = now, receives }) => receives >= this.halfway && dueAt <= now + ms);
  }
}
