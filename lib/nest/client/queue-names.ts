import { nullAdvice } from '../../common/number-fault.js';
import { describeOption } from '../../common/option-names.js';
import { printable } from '../../common/printable.js';
import type { Contract } from '../../event/contract.js';
import { queueName } from '../queue-name.js';
import { type QueuePrefixOption, withPrefix } from '../../queue/derived-names.js';

/** Holds the options of a client that say where its calls go. */
export interface QueueNameOptions extends QueuePrefixOption {
  readonly queue?: unknown;
  readonly topic?: unknown;
  readonly queueNames?: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads the option `queueNames`. A Map, because `constructor` may name a queue.
 *
 * @throws TypeError the option is no object of texts
 */
function renamesOf(queueNames: QueueNameOptions['queueNames']): ReadonlyMap<string, string> {
  if (queueNames === undefined) return new Map();
  if (typeof queueNames !== 'object' || queueNames === null || Symbol.iterator in queueNames) {
    throw new TypeError(
      `option queueNames must be an object, got ${describeOption(queueNames)}${nullAdvice(queueNames)}`,
    );
  }
  const renames = new Map<string, string>();
  for (const name in queueNames) {
    const given = queueNames[name];
    if (given !== undefined) renames.set(name, queueName(`queueNames[${printable(name)}]`, given));
  }
  return renames;
}

/**
 * Returns the queue of methods that name a queue in the contract, or of those that name none.
 *
 * @throws TypeError an option is not acceptable
 */
export function queueFor<Queue>(
  name: string | undefined,
  options: QueueNameOptions & { readonly queue?: Queue | undefined },
): NonNullable<Queue> | string {
  if (name === undefined) return withPrefix(options.queue!, options.queuePrefix);
  return renamesOf(options.queueNames).get(name) ?? withPrefix(name, options.queuePrefix);
}

/**
 * Checks that the contract has each queue that an option renames.
 *
 * @throws TypeError the contract has no such queue, or the option is no object of texts
 */
export function checkRenames(queueNames: QueueNameOptions['queueNames'], contract: Contract): void {
  const names = contract.queues();
  const strange = [...renamesOf(queueNames).keys()].filter((name) => !names.has(name)).map((name) => printable(name));
  if (strange.length > 0) {
    throw new TypeError(
      `option queueNames: the contract names no queue ${strange.join(', ')}. The contract names ${listed(names)}.`,
    );
  }
}

/**
 * Checks that every method of the contract has a queue, and that every given queue is used. If the
 * contract has methods that name no queue, exactly one destination is required. Otherwise no
 * destination is allowed.
 *
 * @param forms the forms in which a queue can be given, for the error
 * @throws TypeError a queue is missing or would never be used
 */
export function checkQueueOptions(options: QueueNameOptions, contract: Contract, forms: string): void {
  const { queue, topic, queueNames } = options;
  if (queue !== undefined && topic !== undefined) {
    throw new TypeError(
      'options queue and topic exclude each other. Calls without a queue in the IDL go to the queue or to the topic.',
    );
  }
  if (queue === undefined && topic === undefined) checkNoneNeeded(contract, forms);
  else checkUsed(queue === undefined ? 'topic' : 'queue', contract);
  checkRenames(queueNames, contract);
  withPrefix('', options.queuePrefix);
}

function checkNoneNeeded(contract: Contract, forms: string): void {
  const open = contract.oneway().find(({ route }) => route.queue === undefined);
  if (!open && contract.oneway().length > 0) return;
  const whose = open ? `${open.service.name}.${open.fn.name} names no queue in its IDL` : 'the contract names no queue';
  throw new TypeError(`option queue is missing: ${whose}. Give the ${forms} of a queue.`);
}

function checkUsed(option: 'queue' | 'topic', contract: Contract): void {
  if (contract.queues().has(undefined)) return;
  throw new TypeError(
    `option ${option} would never be used: every method names its queue in the IDL ` +
      `(${listed(contract.queues())}). Use option queueNames or queuePrefix to rename these queues.`,
  );
}

function listed(names: ReadonlySet<string | undefined>): string {
  return [...names].filter((name) => name !== undefined).join(', ') || 'none';
}
