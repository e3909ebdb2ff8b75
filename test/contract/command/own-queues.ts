import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
} from '@aws-sdk/client-sqs';
import type { ContractService } from './service.js';

/** A queue that could not be deleted. */
export interface Leftover {
  readonly name: string;
  /** Undefined if the queue may not exist: its creation had no answer. */
  readonly url: string | undefined;
  readonly reason: string;
}

/** A queue cannot be used in the first second of its life (API Reference of Amazon SQS, CreateQueue). */
const FIRST_USE_MS = 1_000;
/** New queues of AWS are known everywhere after this time at the latest. */
const KNOWN_WITHIN_MS = 60_000;
/** Requests that delete queues at the same time. */
const AT_ONCE = 8;

/** Creates the queues of a run, and deletes all of them at its end. */
export class OwnQueues {
  private readonly creations = new Map<string, Promise<string | undefined>>();
  private isClosing = false;

  constructor(private readonly service: Pick<ContractService, 'client' | 'isFar'>) {}

  /** Number of queues that were not deleted yet. */
  get count(): number {
    return this.creations.size;
  }

  /** Creates a queue, FIFO if its name ends in `.fifo`. Returns its ARN once the queue can be used. */
  async create(name: string, attributes: Readonly<Record<string, string>> = {}): Promise<string> {
    if (this.isClosing) throw new Error('the run is at its end');
    const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true', ...attributes } : attributes;
    const answer = this.service.client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    // Without an answer the queue may exist.
    this.creations.set(
      name,
      answer.then(
        ({ QueueUrl }) => QueueUrl,
        () => undefined,
      ),
    );
    const { QueueUrl } = await answer.catch((error: unknown) => {
      if (isRefusal(error)) this.creations.delete(name);
      throw error;
    });
    if (this.service.isFar) await wait(FIRST_USE_MS);
    return this.arnOf(QueueUrl!, performance.now() + (this.service.isFar ? KNOWN_WITHIN_MS : 0));
  }

  /** Deletes all queues, and creates none any more. Returns the queues that are left. */
  async deleteAll(): Promise<readonly Leftover[]> {
    this.isClosing = true;
    const names = [...this.creations.keys()];
    const left: Leftover[] = [];
    const lane = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        const leftover = await this.delete(name);
        if (leftover === undefined) this.creations.delete(name);
        else left.push(leftover);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return left;
  }

  private async arnOf(QueueUrl: string, until: number): Promise<string> {
    for (;;) {
      try {
        const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
        return (await this.service.client.send(command)).Attributes!.QueueArn!;
      } catch (error) {
        if (!(error instanceof QueueDoesNotExist) || performance.now() > until) throw error;
        await wait(FIRST_USE_MS);
      }
    }
  }

  private async delete(name: string): Promise<Leftover | undefined> {
    const { client } = this.service;
    let url = await this.creations.get(name);
    try {
      url ??= (await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
      await client.send(new DeleteQueueCommand({ QueueUrl: url }));
      return undefined;
    } catch (error) {
      if (error instanceof QueueDoesNotExist) return undefined;
      return { name, url, reason: String(error) };
    }
  }
}

/** True if the service answered that it did not do what it was asked for. */
function isRefusal(error: unknown): boolean {
  const { httpStatusCode: status = 0 } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  return status >= 400 && status < 500;
}
