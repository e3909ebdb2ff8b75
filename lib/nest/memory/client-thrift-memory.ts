import type { OnApplicationShutdown } from '@nestjs/common';
import type { MemoryBroker } from '../../carriers/memory/memory-broker.js';
import type { MemoryQueue } from '../../carriers/memory/memory-queue.js';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import type { UntypedMethods } from '../../idl/typed-service.js';
import type { MessageSender } from '../../queue/queue.js';
import type { QueuePrefixOption } from '../../queue/derived-names.js';
import { BaseThriftClient } from '../client/base-thrift-client.js';
import { type BaseThriftClientOptions, CLIENT_OPTION_NAMES } from '../client/client-options.js';
import { checkQueueOptions, queueFor } from '../client/queue-names.js';
import { clockOf, openMemoryQueue } from './memory-queue-options.js';

/**
 * Configures {@link ClientThriftMemory}.
 *
 * @publicApi
 */
export interface ClientThriftMemoryOptions extends BaseThriftClientOptions, QueuePrefixOption {
  /**
   * Sets the queue, by name or as an object, for methods without `sqs.queue` in their contract.
   * Required if the contract has methods of this kind.
   */
  readonly queue?: string | MemoryQueue | undefined;
  /**
   * Maps queue names of the contract to names of queues: `{ backup: 'staging-backup' }`. Default:
   * the names in the contract, behind `queuePrefix`.
   */
  readonly queueNames?: Readonly<Record<string, string>> | undefined;
  /** Sets the broker that holds the named queues. Default: one broker of the process. */
  readonly broker?: MemoryBroker | undefined;
}

const OPTION_NAMES = {
  ...CLIENT_OPTION_NAMES,
  queue: true,
  queueNames: true,
  queuePrefix: true,
  broker: true,
} satisfies OptionNames<ClientThriftMemoryOptions>;

/**
 * Emits Thrift oneway calls into queues in memory, for end-to-end tests in one process. Closes with
 * the application, even as `overrideProvider(BACKUP).useValue(client)`.
 *
 * @example
 * const client = new ClientThriftMemory<BackupQueueMethods>({ queue: 'backup', service: BackupQueue });
 * @publicApi
 */
export class ClientThriftMemory<Methods extends object = UntypedMethods>
  extends BaseThriftClient<Methods>
  implements OnApplicationShutdown
{
  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(private readonly options: ClientThriftMemoryOptions) {
    super(checkOptionNames('ClientThriftMemory', options, OPTION_NAMES), clockOf(options));
    checkQueueOptions(options, this.codec.contract, 'name');
    for (const name of this.codec.contract.queues()) queueFor(name, options);
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  protected override async openQueue(name: string | undefined): Promise<MessageSender> {
    const queue = queueFor(name, this.options);
    return (await openMemoryQueue(queue, this.options, { receives: false, pending: this.publisher })).end;
  }
}
