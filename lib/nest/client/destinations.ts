import type { Contract } from '../../event/contract.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from '../../sqs/sqs-queue-options.js';
import type { ClientSqsThriftOptions } from './client-sqs-thrift.js';

/** How to open each queue, by the names that the contract gives them; `undefined` for methods without one. */
export type Destinations = ReadonlyMap<string | undefined, SqsQueueOptions>;

/**
 * Where the calls of a contract go.
 *
 * @throws TypeError, QueueError a queue is missing, would never be used, or cannot be one
 */
export function resolveDestinations(options: ClientSqsThriftOptions, contract: Contract): Destinations {
  const names = contract.queues();
  checkQueue(options, contract);
  const strange = Object.keys(options.queues ?? {}).filter((name) => !names.has(name));
  if (strange.length > 0) {
    throw new TypeError(`option queues: the contract names no queue ${strange.join(', ')}; it names ${listed(names)}`);
  }
  return new Map([...names].map((name) => [name, destination(name, options)]));
}

function checkQueue({ queue }: ClientSqsThriftOptions, contract: Contract): void {
  const open = contract.oneway().find(({ route }) => route.queue === undefined);
  if (queue === undefined && (open || contract.oneway().length === 0)) {
    const whose = open
      ? `${open.service.name}.${open.fn.name} names no queue in its IDL`
      : 'the contract names no queue';
    throw new TypeError(`option queue is missing: ${whose}; give the name, URL or ARN of one`);
  }
  if (queue !== undefined && !contract.queues().has(undefined)) {
    throw new TypeError(
      `option queue would never be used: every method names its queue in the IDL (${listed(contract.queues())}); ` +
        'use option queues to call those otherwise',
    );
  }
}

function destination(name: string | undefined, options: ClientSqsThriftOptions): SqsQueueOptions {
  const queue = name === undefined ? options.queue! : (options.queues?.[name] ?? name);
  const settings: SqsQueueOptions = { ...options, queue };
  const { reference } = resolveSqsQueueOptions(settings);
  if (options.pack && reference.name.endsWith('.fifo')) {
    throw new TypeError(
      `option pack: ${reference.name} is a FIFO queue, where order and deduplication are by message, so calls cannot share one; ` +
        'use a client without pack for it',
    );
  }
  return settings;
}

function listed(names: ReadonlySet<string | undefined>): string {
  return [...names].filter((name) => name !== undefined).join(', ') || 'none';
}
