import type { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { parseQueueReference } from '../../../carriers/sqs/queue-reference.js';
import { QueueError } from '../../../queue/queue-error.js';
import { CheckFailed } from '../exit.js';
import type { DeadLetterSource } from './dead-letter.js';

/**
 * Decides to which queue a dead letter goes back. A sender can write any name into a note, and the
 * move has the rights of the operator. So a noted name counts only if the operator gives it with
 * `--source`, or if the redrive policy of that queue names this dead-letter queue.
 */
export class MoveSources {
  /** References that the operator gave, by name. */
  private readonly given: ReadonlyMap<string, string>;
  private listed: Promise<ReadonlySet<string> | Error> | undefined;

  /**
   * @param given names, URLs or ARNs of queues
   * @throws QueueError a given queue is none of these
   */
  constructor(
    private readonly deadLetters: Pick<QueueAdmin, 'deadLetterSources'>,
    given: readonly string[] = [],
  ) {
    this.given = new Map(given.map((queue) => [parseQueueReference(queue).name, queue]));
  }

  /**
   * Returns the name, URL or ARN of the queue that a message came from.
   *
   * @throws CheckFailed the queue is unknown, or only a note names it
   */
  async find(source: DeadLetterSource | undefined): Promise<string> {
    if (source === undefined) throw new CheckFailed('its source queue is unknown; give a destination with --to');
    if ('arn' in source) return source.arn;
    const { noted } = source;
    const given = this.given.get(noted);
    if (given !== undefined) return given;
    const listed = await this.list();
    if (!(listed instanceof Error) && listed.has(noted)) return noted;
    const why =
      listed instanceof Error
        ? `the source queues of this dead-letter queue cannot be listed (${codeOf(listed)})`
        : 'that queue has no redrive policy to this dead-letter queue';
    throw new CheckFailed(
      `its note names queue "${noted}", but ${why}, and any sender can write a note. If the name is right, add --source ${noted}, or give a destination with --to`,
    );
  }

  /** Asks once. An error is an answer, too: it says why no name is known. */
  private list(): Promise<ReadonlySet<string> | Error> {
    return (this.listed ??= this.deadLetters
      .deadLetterSources()
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))));
  }
}

/** The code says enough, since the advice is the same for every error. */
function codeOf(error: Error): string {
  return error instanceof QueueError ? error.code : error.message;
}
