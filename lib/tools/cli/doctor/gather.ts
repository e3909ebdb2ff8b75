import type { EventCodec } from '../../../event/event-codec.js';
import { QueueError } from '../../../queue/queue-error.js';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import type { ProbedOperation } from '../../../carriers/sqs/may-do.js';
import { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import type { ServerClock } from '../../../carriers/sqs/server-clock.js';
import { toQueueProperties } from '../../../carriers/sqs/queue-properties.js';
import type { SqsQueueOptions } from '../../../carriers/sqs/sqs-queue-options.js';
import type { InfrastructurePlan } from '../infra/plan-infrastructure.js';
import { gatherPlanFacts } from './gather-plan.js';
import type { Action, Facts, QueueFacts, Sample } from './facts.js';
import { takeSample } from './sample.js';

/** Selects the facts to gather. */
export interface Search extends Pick<Facts, 'sides' | 'handlerTimeoutMs' | 'prefix'> {
  readonly options: SqsQueueOptions;
  readonly codec: EventCodec | undefined;
  /** Number of messages to look at. */
  readonly sample: number;
  /** Resources that the queue must agree with. */
  readonly plan?: InfrastructurePlan;
}

/** Lists the operations that can be tried without any effect. */
const PROBES: readonly (readonly [operation: ProbedOperation, action: Action])[] = [
  ['SendMessageBatch', 'sqs:SendMessage'],
  ['DeleteMessageBatch', 'sqs:DeleteMessage'],
  ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
];

/** Gathers all facts for the checks. Rejects only if an option is invalid. */
export async function gather(search: Search): Promise<Facts> {
  const { options, codec, sides, handlerTimeoutMs, prefix } = search;
  const clock: ServerClock = {};
  const queue = await find(search, clock, options);
  return {
    queue,
    ...(clock.skewMs !== undefined && { clockSkewMs: clock.skewMs }),
    sides,
    ...(handlerTimeoutMs !== undefined && { handlerTimeoutMs }),
    ...(prefix !== undefined && { prefix }),
    ...(codec !== undefined && { contract: codec.contract }),
  };
}

async function find(search: Search, clock: ServerClock, options: SqsQueueOptions): Promise<QueueFacts | QueueError> {
  let admin: QueueAdmin;
  try {
    admin = await QueueAdmin.open(options, clock);
  } catch (error) {
    // An invalid name or option ends the command, because no check can explain it.
    if (error instanceof QueueError && !USAGE.has(error.code)) return error;
    throw error;
  }
  try {
    return await examine(admin, search);
  } finally {
    admin.close();
  }
}

const USAGE: ReadonlySet<string> = new Set(['InvalidQueueReference', 'InvalidOption']);

async function examine(admin: QueueAdmin, search: Search): Promise<QueueFacts> {
  const { options, codec, sides, sample: wanted } = search;
  const { attributes } = admin;
  const probes: [Action, boolean | undefined][] = await Promise.all(
    PROBES.map(async ([operation, action]) => [action, await admin.mayDo(operation).catch(() => undefined)]),
  );
  const depth = attributes === undefined ? undefined : await admin.depth();
  const deadLetters = attributes === undefined ? undefined : await findDeadLetters(admin, attributes);
  const sample = wanted > 0 && sides.includes('worker') ? await look(options, wanted, codec) : undefined;
  const plan = search.plan && (await gatherPlanFacts(admin, search.plan, sides));
  const allowed = new Map<Action, boolean | undefined>([
    ...probes,
    ['sqs:GetQueueAttributes', attributes !== undefined],
    ['sqs:ReceiveMessage', mayReceive(sample)],
  ]);
  return {
    name: admin.name,
    region: admin.region,
    location: admin.location,
    attributes,
    allowed: Object.fromEntries([...allowed].filter(([, may]) => may !== undefined)),
    ...(depth !== undefined && { inFlight: depth.inFlight }),
    ...(deadLetters !== undefined && { deadLetters }),
    ...(sample !== undefined && { sample }),
    ...(plan !== undefined && { plan }),
  };
}

function mayReceive(sample: Sample | undefined): boolean | undefined {
  if (sample === undefined || sample.spared) return undefined;
  if (sample.error === undefined) return true;
  return sample.error.kind === 'denied' ? false : undefined;
}

async function findDeadLetters(
  admin: QueueAdmin,
  attributes: Readonly<Record<string, string>>,
): Promise<QueueFacts['deadLetters']> {
  const { redrive } = toQueueProperties(admin.name, attributes);
  if (redrive === undefined || redrive === 'unknown') return undefined;
  try {
    const target = await QueueAdmin.open(admin.beside(redrive.target));
    target.close();
    return target.attributes;
  } catch (error) {
    return QueueError.from(error, redrive.target);
  }
}

async function look(options: SqsQueueOptions, wanted: number, codec: EventCodec | undefined): Promise<Sample> {
  const queue = await openSqsQueue(options);
  try {
    return await takeSample(queue, wanted, codec);
  } finally {
    await queue.close();
  }
}
