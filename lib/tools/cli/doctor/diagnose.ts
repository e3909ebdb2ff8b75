import { QueueError } from '../../../queue/queue-error.js';
import { checkAccess, checkClock } from './access.js';
import { checkContract } from './contract.js';
import type { Facts } from './facts.js';
import type { CheckResult } from './check-result.js';
import { checkMessages } from './messages.js';
import { checkPlan } from './plan.js';
import { checkPermissions } from './permissions.js';
import { checkSettings } from './queue-settings.js';
import { checkRedrive } from './redrive-policy.js';

/** Runs all checks on the facts, in the order of the report. */
export function diagnose(facts: Facts): readonly CheckResult[] {
  const { queue, sides, handlerTimeoutMs, contract, prefix } = facts;
  const first = [...checkAccess(facts), ...checkClock(facts)];
  if (queue instanceof QueueError) return first;
  return [
    ...first,
    ...checkPermissions(queue, sides),
    ...checkRedrive(queue),
    ...checkSettings(queue, handlerTimeoutMs),
    ...checkContract(queue, contract, prefix),
    ...checkPlan(queue, queue.plan),
    ...checkMessages(queue.sample, contract !== undefined),
  ];
}
