import { count, lineText } from '../text.js';
import type { DeadLetterFacts } from './dead-letter.js';

/** Counts messages with the same destination, method and reason. */
export interface MovedGroup {
  readonly destination: string;
  readonly method: string;
  readonly reason?: string;
  messages: number;
}

/** Counts messages that could not be moved, by error. */
export interface FailedGroup {
  readonly error: string;
  messages: number;
}

/** Counts the result of each message once. */
export class MoveReport {
  moved = 0;
  /** Messages that the filter or the limit left in the queue. */
  left = 0;
  failed = 0;
  /** Moved messages that are still in the queue. */
  doubled = 0;
  /** Messages that could not be released at the end. */
  unreleased = 0;
  private readonly groups = new Map<string, MovedGroup>();
  private readonly failures = new Map<string, FailedGroup>();

  move(destination: string, { method, reason }: DeadLetterFacts): void {
    this.moved += 1;
    const key = JSON.stringify([destination, method, reason]);
    const group = this.groups.get(key) ?? {
      destination,
      method,
      ...(reason !== undefined && { reason }),
      messages: 0,
    };
    group.messages += 1;
    this.groups.set(key, group);
  }

  fail(error: string): void {
    this.failed += 1;
    const group = this.failures.get(error) ?? { error, messages: 0 };
    group.messages += 1;
    this.failures.set(error, group);
  }

  /** Returns the report for programs. */
  report(): object {
    const { moved, left, failed, doubled } = this;
    const groups = [...this.groups.values()];
    const failures = [...this.failures.values()];
    return { moved, left, failed, ...(doubled > 0 && { doubled }), groups, failures };
  }

  /**
   * Formats the report for people, in lines.
   *
   * @param verb `moved`, or `would be moved`
   */
  lines(verb: string): readonly string[] {
    return [
      ...[...this.groups.values()].map(({ destination, method, reason, messages }) => {
        const why = reason === undefined ? '' : `, dead-lettered for ${reason}`;
        return `${messages} to ${destination}: ${method}${why}`;
      }),
      ...[...this.failures.values()].map(({ error, messages }) => `${messages} stay: ${lineText(error)}`),
      `${count(this.moved, 'message')} ${verb}${this.left === 0 ? '' : `, ${this.left} left`}`,
    ];
  }
}
