import { printable } from '../../../common/printable.js';
import type { Infrastructure } from './infrastructure.js';

/** Names a resource by an id, and what the resource is for. */
type Named = readonly [id: string, owner: string];

/**
 * Checks that resources have ids of their own. An id may end in a digest, and a queue may have the same
 * text in its name.
 *
 * @throws TypeError two resources would have the same id, or two scalers the same name
 */
export function checkUnique({ queues, alarms, policies, subscriptions, scalers }: Infrastructure): void {
  refuseDuplicates('logical id', [
    ...queues.map(({ id, name }): Named => [id, name]),
    ...alarms.map(({ id, queue }): Named => [id, `an alarm of ${queue.name}`]),
    ...subscriptions.flatMap(({ id, policyId, queue }): Named[] => [
      [id, `the subscription of ${queue.name}`],
      [policyId, `the policy of ${queue.name}`],
    ]),
    ...policies.map(({ id, name }): Named => [id, `the policy ${name}`]),
  ]);
  refuseDuplicates(
    'name in Kubernetes',
    scalers.map(({ deployment, queue }) => [deployment, queue.name]),
  );
}

function refuseDuplicates(kind: string, resources: readonly Named[]): void {
  const owners = new Map<string, string>();
  for (const [id, owner] of resources) {
    const other = owners.get(id);
    if (other !== undefined) {
      throw new TypeError(
        `${printable(other)} and ${printable(owner)} would have the same ${kind}, ${id}. Rename a queue.`,
      );
    }
    owners.set(id, owner);
  }
}
