import type { Shelf, StoredMessage } from './model.js';

interface Group {
  readonly id: string;
  line: StoredMessage[];
  head: number;
  /** True if the group is in the list of ready groups. */
  queued: boolean;
}

/** Gone messages at the front of a group that are worth a copy of the rest. */
const COMPACT_AT = 1024;

/**
 * The messages of a FIFO queue by group. A group is handed out in order from its first message that is still there, several at once, and
 * stops at the first invisible one: so while its first message is in flight or delayed it gives nothing, and one that was released
 * comes again though those behind it are in flight. AWS's answers to just this are recorded in LocalStack's
 * `test_fifo_group_visibility_extends_with_change_message_visibility` and its neighbours.
 */
export class FifoShelf implements Shelf {
  private readonly groups = new Map<string, Group>();
  private ready: Group[] = [];
  private readyHead = 0;

  join(message: StoredMessage): void {
    const id = groupOf(message);
    const group = this.groups.get(id) ?? { id, line: [], head: 0, queued: false };
    this.groups.set(id, group);
    group.line.push(message);
  }

  put(message: StoredMessage): void {
    this.offer(this.groups.get(groupOf(message)));
  }

  left(message: StoredMessage): void {
    this.offer(this.groups.get(groupOf(message)));
  }

  *visible(): Generator<StoredMessage> {
    for (let group = this.nextReady(); group !== undefined; group = this.nextReady()) {
      compact(group);
      try {
        for (let at = group.head; at < group.line.length; at++) {
          const message = group.line[at] as StoredMessage;
          if (message.state === 'gone') continue;
          if (message.state !== 'visible') break;
          yield message;
        }
      } finally {
        this.offer(group);
      }
    }
  }

  private nextReady(): Group | undefined {
    const group = this.ready[this.readyHead];
    if (group === undefined) return undefined;
    this.readyHead += 1;
    if (this.readyHead >= COMPACT_AT && this.readyHead * 2 >= this.ready.length) {
      this.ready = this.ready.slice(this.readyHead);
      this.readyHead = 0;
    }
    group.queued = false;
    return group;
  }

  /** Makes a group ready if its first message is visible; forgets it if it is empty. */
  private offer(group: Group | undefined): void {
    if (group === undefined) return;
    while (group.line[group.head]?.state === 'gone') group.head += 1;
    const first = group.line[group.head];
    if (first === undefined) {
      this.groups.delete(group.id);
    } else if (first.state === 'visible' && !group.queued) {
      group.queued = true;
      this.ready.push(group);
    }
  }
}

/** Forgets gone messages; not to be done to a group that somebody goes through by position. */
function compact(group: Group): void {
  if (group.head < COMPACT_AT || group.head * 2 < group.line.length) return;
  group.line = group.line.slice(group.head);
  group.head = 0;
}

function groupOf({ groupId = '' }: StoredMessage): string {
  return groupId;
}
