import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';
import { toQueueError } from './to-queue-error.js';
import type { FoundQueue } from './connect-queue.js';
import { mayDo, type ProbedOperation } from './may-do.js';
import { openClients } from './open-clients.js';
import { withDeadline } from './request-deadline.js';
import { describeLocation, noAnswer, type SqsOperation } from './queue-location.js';
import { parseQueueReference, type QueueReference, urlBeside } from './queue-reference.js';
import type { SqsClients } from './sqs-clients.js';
import { type ResolvedSqsQueueOptions, resolveSqsQueueOptions, type SqsQueueOptions } from './sqs-queue-options.js';

/** Describes a message move task of SQS, as ListMessageMoveTasks reports the task. */
export interface MoveTask {
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  readonly moved: number;
  /** Number of messages to move, counted at the start. */
  readonly toMove?: number;
  readonly failureReason?: string;
  /** Start time in ms since the epoch. Distinguishes the tasks. */
  readonly startedAt?: number;
}

/** Describes a server's clock, as seen in the server's answers. */
export interface ServerClock {
  /**
   * Milliseconds by which the clock was ahead of this machine's at the last answer. Absent if no
   * answer contained the time.
   */
  skewMs?: number;
}

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
      this.clients.main.send(command, { abortSignal }),
    );
    return {
      visible: Number(counts.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(counts.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(counts.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  }

  /** Makes SQS delete all messages, also in flight, within 60 seconds. Once per minute. */
  async purge(): Promise<void> {
    const command = new PurgeQueueCommand({ QueueUrl: this.found.url });
    await this.ask('PurgeQueue', (abortSignal) => this.clients.main.send(command, { abortSignal }));
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
      this.clients.main.send(command, { abortSignal }),
    );
    return TaskHandle;
  }

  /** Returns the latest move out of this queue. */
  async latestMove(): Promise<MoveTask | undefined> {
    const command = new ListMessageMoveTasksCommand({ SourceArn: this.arn, MaxResults: 1 });
    const { Results = [] } = await this.ask('ListMessageMoveTasks', (abortSignal) =>
      this.clients.main.send(command, { abortSignal }),
    );
    const [task] = Results;
    if (task === undefined) return undefined;
    return {
      status: task.Status as MoveTask['status'],
      moved: task.ApproximateNumberOfMessagesMoved ?? 0,
      ...(task.ApproximateNumberOfMessagesToMove !== undefined && { toMove: task.ApproximateNumberOfMessagesToMove }),
      ...(task.FailureReason !== undefined && { failureReason: task.FailureReason }),
      ...(task.StartedTimestamp !== undefined && { startedAt: task.StartedTimestamp }),
    };
  }

  /** Stops a move. Messages that were already moved stay moved. */
  async cancelMove(handle: string): Promise<void> {
    const command = new CancelMessageMoveTaskCommand({ TaskHandle: handle });
    await this.ask('CancelMessageMoveTask', (abortSignal) => this.clients.main.send(command, { abortSignal }));
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

/** Reads the server's time from every HTTP answer, including refusals. */
function watchClock({ main }: SqsClients, clock: ServerClock): void {
  const read = (response: unknown): void => {
    const { headers = {} } = (response ?? {}) as { headers?: Record<string, string> };
    const told = Date.parse(headers['date'] ?? '');
    if (!Number.isNaN(told)) clock.skewMs = told - Date.now();
  };
  main.middlewareStack.add(
    (next) => async (args) => {
      try {
        const result = await next(args);
        read(result.response);
        return result;
      } catch (error) {
        read((error as { $response?: unknown } | undefined)?.$response);
        throw error;
      }
    },
    { step: 'deserialize', priority: 'low', name: 'watchClock' },
  );
}
