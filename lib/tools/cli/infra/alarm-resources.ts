import type { AlarmResource, QueueResource } from './infrastructure.js';
import type { ResolvedInfraOptions } from './resolve-options.js';

/** SQS sends a value of each metric for each minute. */
const MINUTE = 60;
const FIVE_MINUTES = 300;

/** Returns the alarms of a queue, or of a dead-letter queue. */
export function alarmsOf(
  queue: QueueResource,
  base: string,
  { alarms }: ResolvedInfraOptions,
): readonly AlarmResource[] {
  if (alarms === undefined) return [];
  const { oldestMessageSeconds, inFlight, actions } = alarms;
  if (queue.redrive === undefined) {
    return [
      {
        id: `${base}DeadLettersAlarm`,
        description: `A call was set apart in ${queue.name}`,
        queue,
        metric: 'ApproximateNumberOfMessagesVisible',
        comparison: 'GreaterThanOrEqualToThreshold',
        threshold: 1,
        periodSeconds: MINUTE,
        actions,
      },
    ];
  }
  return [
    {
      id: `${base}OldestMessageAlarm`,
      description: `A call of ${queue.name} waits for more than ${oldestMessageSeconds} s`,
      queue,
      metric: 'ApproximateAgeOfOldestMessage',
      comparison: 'GreaterThanThreshold',
      threshold: oldestMessageSeconds,
      periodSeconds: FIVE_MINUTES,
      actions,
    },
    {
      id: `${base}InFlightAlarm`,
      description: `Messages of ${queue.name} in flight come near the quota, at which receives return nothing`,
      queue,
      metric: 'ApproximateNumberOfMessagesNotVisible',
      comparison: 'GreaterThanThreshold',
      threshold: inFlight,
      periodSeconds: FIVE_MINUTES,
      actions,
    },
  ];
}
