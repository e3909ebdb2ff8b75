/** One delivery of an event to a worker. */
interface Delivery {
  readonly event: number;
  readonly pid: number;
  /** Number of deliveries of the event so far. */
  readonly receiveCount: number;
  /** Which message it was, where the worker says so: a lost answer makes a producer store an event twice. */
  readonly message?: string;
}

/** Holds the facts that a journal proves about a run. */
export interface JournalResult {
  /** Events whose emit resolved. */
  readonly acked: number;
  /** Events that were handled to the end at least once. */
  readonly finished: number;
  /** Acknowledged and never handled to the end. */
  readonly lost: readonly number[];
  /** Handled although no emit of theirs resolved: the queue had stored them, and the emitter never learned of it. */
  readonly unacked: readonly number[];
  /** Handled to the end, and again later because the worker was killed before it had removed the message. */
  readonly explained: readonly Delivery[];
  /** Handled to the end, and again later for no such reason. */
  readonly unexplained: readonly Delivery[];
  /**
   * Handled to the end, and again later although the queue has recorded no other delivery: the same message with no higher receive
   * count. No fault of a network or a worker explains these.
   */
  readonly unrecorded: readonly Delivery[];
  /** Begun, and not ended by the worker that began them. */
  readonly unfinished: readonly Delivery[];
  /**
   * Lists the events that each killed worker demonstrably held when it died: begun and not ended,
   * or ended and delivered again. A worker holds at most its concurrency. By pid, in the order of
   * the kills.
   */
  readonly heldAtKill: ReadonlyMap<number, number>;
}

/**
 * Compares what emitters were promised with what workers did. The lines are the journal of a run, one fact each:
 *
 *     acked <event>                         an emit resolved
 *     start <event> <pid> <receive count> [<message id>]   a handler began
 *     finish <event> <pid> <receive count> [<message id>]  it ended, and its message is about to be removed
 *     killed <pid>                          the process was ended by SIGKILL
 *
 * A queue delivers at least once, so an event may be handled twice. That is explained only where each worker that had handled it
 * before was killed, and the receive count says that the later delivery is one: who lives on must have removed the message.
 *
 * @throws Error a line is not a fact
 */
export function judge(lines: Iterable<string>): JournalResult {
  const { acked, killed, starts, finishes } = readFacts(lines);
  const finishesOf = groupByEvent(finishes);
  const startsOf = groupByEvent(starts);
  const repeated = [...finishesOf.values()].flatMap((deliveries) =>
    deliveries.slice(0, -1).map((delivery, i) => ({ delivery, next: deliveries[i + 1]! })),
  );
  const isExplained = ({ delivery, next }: (typeof repeated)[number]): boolean =>
    killed.has(delivery.pid) && next.receiveCount > delivery.receiveCount;
  const isRecorded = ({ delivery, next }: (typeof repeated)[number]): boolean =>
    next.receiveCount > delivery.receiveCount || (next.message !== undefined && next.message !== delivery.message);
  const ended = new Set(finishes.map(keyOf));
  const unfinished = starts.filter((delivery) => !ended.has(keyOf(delivery)));
  const cameBack = finishes.filter(
    ({ event, receiveCount }) => startsOf.get(event)!.at(-1)!.receiveCount > receiveCount,
  );
  const held = [...unfinished, ...cameBack];
  return {
    acked: acked.size,
    finished: finishesOf.size,
    lost: [...acked].filter((event) => !finishesOf.has(event)),
    unacked: [...finishesOf.keys()].filter((event) => !acked.has(event)),
    explained: repeated.filter(isExplained).map(({ delivery }) => delivery),
    unexplained: repeated.filter((pair) => !isExplained(pair)).map(({ delivery }) => delivery),
    unrecorded: repeated.filter((pair) => !isRecorded(pair)).map(({ delivery }) => delivery),
    unfinished,
    heldAtKill: new Map([...killed].map((pid) => [pid, held.filter((delivery) => delivery.pid === pid).length])),
  };
}

interface Facts {
  readonly acked: Set<number>;
  readonly killed: Set<number>;
  readonly starts: Delivery[];
  readonly finishes: Delivery[];
}

const FACT =
  /^(?:(?<what>acked|killed) (?<which>\d+)|(?<step>start|finish) (?<event>\d+) (?<pid>\d+) (?<count>\d+)(?: (?<message>\S*[a-z-]\S*))?)$/;

function readFacts(lines: Iterable<string>): Facts {
  const facts: Facts = { acked: new Set(), killed: new Set(), starts: [], finishes: [] };
  for (const line of lines) {
    const groups = FACT.exec(line)?.groups;
    if (!groups) throw new Error(`not a fact of a journal: ${JSON.stringify(line)}`);
    const { what, which, step, event, pid, count, message } = groups;
    if (what === 'acked') facts.acked.add(Number(which));
    else if (what === 'killed') facts.killed.add(Number(which));
    else {
      const delivery = {
        event: Number(event),
        pid: Number(pid),
        receiveCount: Number(count),
        ...(message && { message }),
      };
      (step === 'start' ? facts.starts : facts.finishes).push(delivery);
    }
  }
  return facts;
}

/** The deliveries of each event in the order in which the queue made them. */
function groupByEvent(deliveries: readonly Delivery[]): Map<number, Delivery[]> {
  const groups = new Map<number, Delivery[]>();
  for (const delivery of deliveries) {
    const group = groups.get(delivery.event);
    if (group) group.push(delivery);
    else groups.set(delivery.event, [delivery]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.receiveCount - b.receiveCount);
  return groups;
}

function keyOf({ event, pid, receiveCount, message = '' }: Delivery): string {
  return `${event} ${pid} ${receiveCount} ${message}`;
}

/**
 * Events that a FIFO queue let come after a later one of their line: what one producer emitted to one message group, by number. An event
 * counts when it was handled to the end for the first time.
 */
export function outOfOrder(lines: Iterable<string>, lineOf: (event: number) => string): readonly number[] {
  const latest = new Map<string, number>();
  const seen = new Set<number>();
  const wrong: number[] = [];
  for (const { event } of readFacts(lines).finishes) {
    if (seen.has(event)) continue;
    seen.add(event);
    const line = lineOf(event);
    if (event < (latest.get(line) ?? -1)) wrong.push(event);
    latest.set(line, Math.max(event, latest.get(line) ?? -1));
  }
  return wrong;
}
