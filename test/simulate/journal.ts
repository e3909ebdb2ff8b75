import { createHash } from 'node:crypto';
import type { Clock } from '#lib/queue/clock.js';
import type { DeliveryRecord, EmitRecord, MessageRecord, PortRequest, ProcessRecord, RunRecord } from './records.js';

/** A line of a journal. */
export interface JournalLine {
  readonly at: number;
  readonly who: string;
  readonly text: string;
}

/** Notes everything that happens in a simulation: as lines for people, and as records for checks. */
export class Journal {
  readonly lines: JournalLine[] = [];
  readonly messages = new Map<string, MessageRecord>();
  readonly deliveries = new Map<string, DeliveryRecord>();
  readonly emits: EmitRecord[] = [];
  readonly runs: RunRecord[] = [];
  readonly ports: PortRequest[] = [];
  /** Counts receives by what the worker read. There are too many empty ones for a record of each. */
  readonly receives = { succeeded: 0, failed: 0 };
  readonly processes: ProcessRecord[] = [];
  /** Counts the faults that happened, by their names. */
  readonly faults = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  note(who: string, text: string): void {
    this.lines.push({ at: this.clock.now(), who, text });
  }

  /** Counts a fault. */
  fault(name: string): void {
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
  }

  /** Returns the messages of a queue in the order in which they were stored. */
  stored(queue: string): MessageRecord[] {
    return [...this.messages.values()].filter((message) => message.queue === queue);
  }

  /** Returns a hash of all lines. */
  hash(): string {
    const digest = createHash('sha256');
    for (const { at, who, text } of this.lines) digest.update(`${at} ${who} ${text}\n`);
    return digest.digest('hex');
  }
}
