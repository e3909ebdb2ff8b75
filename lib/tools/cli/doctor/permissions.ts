import { ACTIONS, type Action, type QueueFacts, type Side } from './facts.js';
import { fail, ok, warn, type CheckResult } from './check-result.js';

const NEEDED_BY: Readonly<Record<Side, readonly Action[]>> = {
  client: ['sqs:SendMessage'],
  worker: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
};

/** Checks the permissions that the sides need. */
export function checkPermissions({ allowed }: QueueFacts, sides: readonly Side[]): readonly CheckResult[] {
  const needed = ACTIONS.filter((action) => sides.some((side) => NEEDED_BY[side].includes(action)));
  const denied = needed.filter((action) => allowed[action] === false);
  const granted = needed.filter((action) => allowed[action] === true);
  const untold = needed.filter((action) => allowed[action] === undefined);
  const parts = [...granted, ...(untold.length > 0 ? [`not known: ${untold.join(', ')}`] : [])];
  const names = denied.join(', ');
  return [
    ...(parts.length > 0 ? [ok('permissions', parts.join(', '))] : []),
    ...(denied.length > 0 ? [fail('permissions', `denied: ${names}`, `Grant ${names} on this queue.`)] : []),
    ...(allowed['sqs:GetQueueAttributes'] === false ? [UNREADABLE] : []),
  ];
}

const UNREADABLE = warn(
  'permissions',
  'denied: sqs:GetQueueAttributes, so the limits and the redrive policy of the queue are unknown',
  'Grant sqs:GetQueueAttributes on this queue.',
);
