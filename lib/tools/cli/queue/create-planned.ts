import { createQueue } from '../../../carriers/sqs/create-queue.js';
import { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { toQueueProperties } from '../../../carriers/sqs/queue-properties.js';
import type { SqsQueueOptions } from '../../../carriers/sqs/sqs-queue-options.js';
import { sleep, systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import { CheckFailed } from '../exit.js';
import type { PlannedQueue } from './planned-queues.js';

/** Describes what was done for a planned queue, or would be. */
export interface CreatedQueue {
  readonly queue: string;
  /** `updated`: the queue was there without a redrive policy, and got one. */
  readonly status: 'created' | 'updated' | 'exists' | 'would-create' | 'would-update';
  /** Name of the dead-letter queue of the redrive policy. */
  readonly deadLetterQueue: string;
  readonly maxReceiveCount: number;
  /** Region and endpoint of the queue. Absent in a dry run that finds no queue. */
  readonly place?: string;
}

/** Opens and creates the queues of a plan. */
export interface QueueAccess {
  readonly options: Omit<SqsQueueOptions, 'queue'>;
  /** True if nothing must change. */
  readonly dryRun: boolean;
}

/** Seconds that a dead letter is kept: 14 days, the longest that SQS allows. */
const DEAD_LETTER_RETENTION = '1209600';
/** Time in ms until each part of SQS knows a new queue. AWS advises to wait for a second at least. */
const VISIBLE_WITHIN_MS = 10_000;
const ASK_EVERY_MS = 500;

/**
 * Creates a queue with its dead-letter queue, and waits until SQS knows both. A queue that exists keeps
 * its attributes; it gets a redrive policy if it has none. Another process may do the same meanwhile.
 *
 * @throws QueueError a request failed, an option is invalid, or the attributes of the queue cannot be read
 * @throws CheckFailed the queue has a redrive policy that cannot be read
 */
export async function createPlanned(plan: PlannedQueue, access: QueueAccess): Promise<CreatedQueue> {
  const { name, deadLetterQueue, maxReceiveCount } = plan;
  const found = await find(name, access);
  const done = (status: CreatedQueue['status']): CreatedQueue => ({
    queue: name,
    status,
    deadLetterQueue,
    maxReceiveCount,
  });
  if (found === undefined && access.dryRun) return done('would-create');
  const isNew = found === undefined && (await isCreatedHere(plan, access));
  const admin = found ?? (await untilVisible(name, access));
  const place = /\((.*)\)$/.exec(admin.location)![1]!;
  try {
    if (isNew) return { ...done('created'), place };
    // Without the attributes nobody knows if there is a redrive policy, which must stay.
    const { redrive } = toQueueProperties(name, { QueueArn: admin.arn, ...admin.attributes });
    if (redrive === 'unknown')
      throw new CheckFailed(`the redrive policy of ${admin.location} cannot be read; correct it by hand`);
    if (redrive !== undefined) {
      const target = redrive.target.split(':').at(-1)!;
      return { ...done('exists'), place, deadLetterQueue: target, maxReceiveCount: redrive.maxReceiveCount };
    }
    if (access.dryRun) return { ...done('would-update'), place };
    await admin.setAttributes({ RedrivePolicy: await redrivePolicy(plan, access) });
    return { ...done('updated'), place };
  } finally {
    admin.close();
  }
}

/** Creates the queue. False if another process has created it meanwhile. */
async function isCreatedHere(plan: PlannedQueue, access: QueueAccess): Promise<boolean> {
  const { name, contentBasedDeduplication } = plan;
  const attributes = {
    RedrivePolicy: await redrivePolicy(plan, access),
    ...(contentBasedDeduplication && { ContentBasedDeduplication: 'true' }),
  };
  return create(name, attributes, access);
}

/** Returns the redrive policy to the dead-letter queue, which is created if it is missing. */
async function redrivePolicy(
  { deadLetterQueue: name, maxReceiveCount }: PlannedQueue,
  access: QueueAccess,
): Promise<string> {
  let admin = await find(name, access);
  if (admin === undefined) {
    await create(name, { MessageRetentionPeriod: DEAD_LETTER_RETENTION }, access);
    admin = await untilVisible(name, access);
  }
  admin.close();
  return JSON.stringify({ deadLetterTargetArn: admin.arn, maxReceiveCount });
}

/** Creates a queue. False if a queue of this name has other attributes, as after a race. */
async function create(
  queue: string,
  attributes: Readonly<Record<string, string>>,
  { options }: QueueAccess,
): Promise<boolean> {
  try {
    await createQueue({ ...options, queue }, attributes);
    return true;
  } catch (error) {
    if (error instanceof QueueError && EXISTS.has(error.code)) return false;
    throw error;
  }
}

/** Codes of CreateQueue for a queue of the same name. */
const EXISTS: ReadonlySet<string> = new Set(['QueueNameExists', 'QueueAlreadyExists']);

/** Opens a queue as soon as SQS knows it. */
async function untilVisible(name: string, access: QueueAccess): Promise<QueueAdmin> {
  const until = systemClock.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    const admin = await find(name, access);
    if (admin !== undefined) return admin;
    if (systemClock.now() > until) {
      const text = `the queue "${name}" was created and is not visible after ${VISIBLE_WITHIN_MS / 1000} s. Run the command again.`;
      throw new QueueError(text, { code: 'QueueDoesNotExist', kind: 'missing-queue', queue: name });
    }
    await sleep(systemClock, ASK_EVERY_MS);
  }
}

/** Opens a queue. Undefined if it does not exist. */
async function find(queue: string, { options }: QueueAccess): Promise<QueueAdmin | undefined> {
  try {
    return await QueueAdmin.open({ ...options, queue });
  } catch (error) {
    if (error instanceof QueueError && error.kind === 'missing-queue') return undefined;
    throw error;
  }
}
