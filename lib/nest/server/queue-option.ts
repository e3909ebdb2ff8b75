import type { Contract } from '../../event/contract.js';

/**
 * Returns the queue that the contract names for all methods.
 *
 * @param forms the forms in which a queue can be given, for the error
 * @throws TypeError the contract names no queue, or several
 */
export function soleQueue(contract: Contract, forms: string): string {
  const [name, ...others] = contract.queues();
  if (name !== undefined && others.length === 0) return name;
  const why = others.length > 0 ? 'the contract has methods of several queues' : 'the contract names no queue';
  throw new TypeError(`option queue is missing, and ${why}; give the ${forms} of the queue to receive from`);
}

/**
 * Returns the names of the queue that the options and the contract of a strategy give. The open queue may
 * have another one, with a prefix.
 */
export function givenQueueNames(options: object, contract: Contract): readonly string[] {
  const { queue } = options as { readonly queue?: unknown };
  const names = [...contract.queues()];
  if (queue === undefined) return names.length === 1 && names[0] !== undefined ? [names[0]] : [];
  // A URL and an ARN end with the name.
  return typeof queue === 'string' ? [queue, /[^:/]*$/.exec(queue)![0]] : [];
}

/** @throws TypeError the dead-letter queue and the poison policy do not fit */
export function checkDeadLetterQueue(options: {
  readonly poisonPolicy?: string | undefined;
  readonly deadLetterQueue?: unknown;
}): void {
  if ((options.poisonPolicy === 'dead-letter') !== (options.deadLetterQueue !== undefined)) {
    throw new TypeError("option deadLetterQueue and poisonPolicy: 'dead-letter' need each other");
  }
}
