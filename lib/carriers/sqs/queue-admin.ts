import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';
import { toQueueError } from './to-queue-error.js';
import type { FoundQueue } from './connect-queue.js';
import { exchange } from './exchange.js';
import { mayDo, type ProbedOperation } from './may-do.js';
import { type MoveTask, readMoveTask } from './move-task-answer.js';
import { openClients } from './open-clients.js';
import { withDeadline } from './request-deadline.js';
import { describeLocation, noAnswer, type SqsOperation } from './queue-location.js';
import { parseQueueReference, type QueueReference, urlBeside } from './queue-reference.js';
import { type ServerClock, watchClock } from './server-clock.js';
import type { SqsClients } from './sqs-clients.js';
import { type ResolvedSqsQueueOptions, resolveSqsQueueOptions, type SqsQueueOptions } from './sqs-queue-options.js';

/** Largest page of ListDeadLetterSourceQueues, and most pages that are read. */
const PAGE = 1000;
const MAX_PAGES = 100;

/**
 * Runs the operations of tools on a queue, except those on messages. Every method rejects with a
 * QueueError that says what to do.
 */
export class QueueAdmin {
  private constructor(
    private readonly clients: SqsClients,
    private readonly found: FoundQueue,
    private readonly options: SqsQueueOptions,
    private readonly resolved: ResolvedSqsQueueOptions,
  ) {}

  /**
   * Finds the queue, as opening the queue does, and reads all its attributes.
   *
   * @param clock updated at every answer, even if the opening fails
   */
  static async open(options: SqsQueueOptions, clock: ServerClock = {}): Promise<QueueAdmin> {
    const resolved = resolveSqsQueueOptions(options);
    const { clients, found } = await openClients(resolved, ['All'], (created) => watchClock(created, clock));
    return new QueueAdmin(clients, found, options, resolved);
  }

  /** Describes the queue as `queue "backup" (region eu-west-1, endpoint of AWS)`. */
  get location(): string {
    return describeLocation(this.found.location);
  }

  get name(): string {
    return this.found.location.name;
  }

  /** Region that requests are signed for. */
  get region(): string | undefined {
    return this.found.location.region;
  }

  /**
   * All attributes by the names of GetQueueAttributes, as read at the opening. Undefined if the
   * caller may not read attributes.
   */
  get attributes(): Readonly<Record<string, string>> | undefined {
    return this.found.attributes['QueueArn'] === undefined ? undefined : this.found.attributes;
  }

  /**
   * Returns the options that open another queue. Region and endpoint are those of this queue,
   * unless the other queue's URL or ARN names them.
   */
  beside(queue: string): SqsQueueOptions {
    const other = parseQueueReference(queue);
    const { region, endpoint } = this.found.location;
    if (other.url === undefined && this.isAtHostOfUrl) {
      return { ...this.options, queue: urlBeside(this.found.url, other), region: other.region ?? region };
    }
    return {
      ...this.options,
      // In the caller's own account a name is enough, and a refusal then has one meaning only.
      queue: this.isInOwnAccount(other) ? other.name : queue,
      ...(other.region === undefined && region !== undefined && { region }),
      ...(other.url === undefined && endpoint !== undefined && { endpoint }),
    };
  }

  /** True if a queue is in the account of the caller: there, this queue was found by its name. */
  private isInOwnAccount({ accountId, region }: QueueReference): boolean {
    const { reference } = this.resolved;
    const isByName = reference.accountId === undefined && reference.url === undefined;
    return isByName && accountId !== undefined && accountId === this.account && region === this.region;
  }

  private get account(): string | undefined {
    return this.found.attributes['QueueArn']?.split(':')[4];
  }

  /** True if requests go to the host of the queue's URL. Other queues have the same host then. */
  private get isAtHostOfUrl(): boolean {
    const { origin } = this.resolved.reference;
    return origin !== undefined && origin === this.found.location.endpoint;
  }

  /** True if a name, URL or ARN identifies this queue. */
  isItself(queue: string): boolean {
    const { name, region, accountId } = parseQueueReference(queue);
    const { account } = this;
    const here = region === undefined || region === this.region;
    return name === this.name && here && (accountId === undefined || account === undefined || accountId === account);
  }

  /** Counts the messages in the queue. The counts of SQS are approximate. */
  async depth(): Promise<{ readonly visible: number; readonly inFlight: number; readonly delayed: number }> {
    const command = new GetQueueAttributesCommand({
      QueueUrl: this.found.url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    });
    const { Attributes: counts = {} } = await this.ask('GetQueueAttributes', (abortSignal) =>
      exchange(command, () => this.clients.main.send(command, { abortSignal })),
    );
    return {
      visible: Number(counts.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(counts.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(counts.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  }

  /** Changes attributes of the queue, by the names of SetQueueAttributes. */
  async setAttributes(Attributes: Readonly<Record<string, string>>): Promise<void> {
    const command = new SetQueueAttributesCommand({ QueueUrl: this.found.url, Attributes });
    await this.ask('SetQueueAttributes', (abortSignal) =>
      exchange(command, () => this.clients.main.send(command, { abortSignal })),
    );
  }

  /** Makes SQS delete all messages, also in flight, within 60 seconds. Once per minute. */
  async purge(): Promise<void> {
    const command = new PurgeQueueCommand({ QueueUrl: this.found.url });
    await this.ask('PurgeQueue', (abortSignal) =>
      exchange(command, () => this.clients.main.send(command, { abortSignal })),
    );
  }

  /**
   * Makes SQS move this dead-letter queue's messages to their sources, or to the queue of an ARN.
   *
   * @returns the handle of the task
   */
  async startMove(target?: string): Promise<string> {
    const command = new StartMessageMoveTaskCommand({
      SourceArn: this.arn,
      ...(target !== undefined && { DestinationArn: target }),
    });
    const { TaskHandle = '' } = await this.ask('StartMessageMoveTask', (abortSignal) =>
      exchange(command, () => this.clients.main.send(command, { abortSignal })),
    );
    return TaskHandle;
  }

  /** Returns the latest move out of this queue. */
  async latestMove(): Promise<MoveTask | undefined> {
    const command = new ListMessageMoveTasksCommand({ SourceArn: this.arn, MaxResults: 1 });
    return readMoveTask(
      await this.ask('ListMessageMoveTasks', (abortSignal) =>
        exchange(command, () => this.clients.main.send(command, { abortSignal })),
      ),
    );
  }

  /**
   * Returns the names of the queues whose redrive policies name this queue as their dead-letter
   * queue.
   */
  async deadLetterSources(): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    let NextToken: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const input = { QueueUrl: this.found.url, MaxResults: PAGE, ...(NextToken !== undefined && { NextToken }) };
      const command = new ListDeadLetterSourceQueuesCommand(input);
      const answer = await this.ask('ListDeadLetterSourceQueues', (abortSignal) =>
        exchange(command, () => this.clients.main.send(command, { abortSignal })),
      );
      for (const url of urlsIn(answer)) names.add(url.replace(/^.*\//, ''));
      NextToken = answer.NextToken;
      if (NextToken === undefined || NextToken === '') break;
    }
    return names;
  }

  /** Stops a move. Messages that were already moved stay moved. */
  async cancelMove(handle: string): Promise<void> {
    const command = new CancelMessageMoveTaskCommand({ TaskHandle: handle });
    await this.ask('CancelMessageMoveTask', (abortSignal) =>
      exchange(command, () => this.clients.main.send(command, { abortSignal })),
    );
  }

  /** True if the caller may perform an operation. Has no effect. */
  async mayDo(operation: ProbedOperation): Promise<boolean> {
    const { url, location } = this.found;
    return this.ask(operation, (signal) => mayDo({ clients: this.clients, url, operation, location }, signal));
  }

  close(): void {
    this.clients.close();
  }

  /** @throws QueueError the caller may not read the attributes */
  get arn(): string {
    const arn = this.found.attributes['QueueArn'];
    if (arn !== undefined) return arn;
    const message = `the ARN of ${this.location} cannot be read. Grant sqs:GetQueueAttributes.`;
    throw new QueueError(message, { code: 'AccessDenied', kind: 'denied', queue: this.name });
  }

  private async ask<T>(operation: SqsOperation, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { location } = this.found;
    const ms = this.resolved.timeouts.requestMs;
    try {
      return await withDeadline({ ms, late: () => noAnswer(operation, location, ms) }, ({ signal }) => request(signal));
    } catch (error) {
      throw toQueueError(error, { location, operation });
    }
  }
}

/** Returns the URLs of an answer, whatever the server wrote there. */
function urlsIn({ queueUrls }: { readonly queueUrls?: unknown }): readonly string[] {
  return Array.isArray(queueUrls) ? queueUrls.filter((url) => typeof url === 'string') : [];
}
