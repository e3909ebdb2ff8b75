import { nullAdvice } from '../common/number-fault.js';
import { describeOption } from '../common/option-names.js';

/**
 * Names the queues of an environment.
 *
 * @publicApi
 */
export interface QueuePrefixOption {
  /**
   * Begins the name of each queue: with `staging-` the queue `backup` is `staging-backup`. Give
   * clients and strategies of one environment the same prefix. Applies to names in the contract and
   * in options. URLs, ARNs and the names that `queueNames` maps to stay as they are. Letters, digits, hyphens
   * and underscores. Default: none.
   */
  readonly queuePrefix?: string | undefined;
}

/** Names the dead-letter queue of a queue: `orders-dlq`, or `orders-dlq.fifo` for `orders.fifo`. */
export function deadLetterQueueName(queue: string): string {
  return queue.endsWith('.fifo') ? queue.replace(/\.fifo$/, '-dlq.fifo') : `${queue}-dlq`;
}

/**
 * Returns the name of a queue in an environment. A URL or ARN stays as it is, and so does a value that
 * is no text, which other checks refuse.
 *
 * @throws TypeError the option `queuePrefix` is not acceptable
 */
export function withPrefix<Name>(name: Name, queuePrefix: string | undefined): Name {
  if (queuePrefix === undefined) return name;
  if (typeof queuePrefix !== 'string' || !/^[\w-]*$/.test(queuePrefix)) {
    throw new TypeError(
      "option queuePrefix must be letters, digits, hyphens and underscores, such as 'staging-', " +
        `got ${describeOption(queuePrefix)}${nullAdvice(queuePrefix)}`,
    );
  }
  // Only URLs and ARNs have colons.
  if (typeof name !== 'string' || name === '' || name.includes(':')) return name;
  return `${queuePrefix}${name}` as Name & string;
}
