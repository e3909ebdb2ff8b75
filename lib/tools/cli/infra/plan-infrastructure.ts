import type { Command } from 'commander';
import type { Contract } from '../../../event/contract.js';
import { withPrefix } from '../../../queue/derived-names.js';
import { QueueError } from '../../../queue/queue-error.js';
import { CheckFailed } from '../exit.js';
import { plannedQueues } from '../queue/planned-queues.js';
import { buildInfrastructure } from './build-infrastructure.js';
import type { InfraOptions } from './infra-options.js';
import type { Infrastructure } from './infrastructure.js';
import { type ResolvedInfraOptions, resolveInfraOptions } from './resolve-options.js';

/** Holds the resources of a contract, and the options that led to them. */
export interface InfrastructurePlan {
  readonly infrastructure: Infrastructure;
  readonly options: ResolvedInfraOptions;
}

/**
 * Plans the resources of a contract.
 *
 * @param source names the origin of the options in errors
 * @throws CheckFailed an option is not acceptable, or a method names no queue
 */
export function planInfrastructure(
  command: Command,
  contract: Contract | undefined,
  given: InfraOptions,
  source: string,
): InfrastructurePlan {
  const options = asCheck(source, () => resolveInfraOptions(given));
  const { queue, queuePrefix: prefix, maxReceiveCount } = options;
  const planned = plannedQueues(command, contract, { queue, prefix, maxReceiveCount });
  // The option queue may name a queue that the IDL names too.
  const plans = [...new Map(planned.map((plan) => [plan.name, plan])).values()];
  return {
    infrastructure: asCheck(source, () => buildInfrastructure(plans, annotatedQueues(contract, prefix), options)),
    options,
  };
}

/** Returns the queues that the IDL names, with the prefix. */
function annotatedQueues(contract: Contract | undefined, prefix: string): ReadonlySet<string> {
  const names = [...(contract?.queues() ?? [])].filter((name) => name !== undefined);
  return new Set(names.map((name) => withPrefix(name, prefix)));
}

/** Turns errors about options into a report that names their origin. */
function asCheck<Result>(source: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof QueueError) {
      throw new CheckFailed(`${source}: ${error.message}`);
    }
    throw error;
  }
}
