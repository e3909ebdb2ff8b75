import type { ConsumerControl, ConsumerParts } from '../../consume/consumer.js';
import type { PoisonPolicy } from '../../consume/dead-letter.js';
import type { EventSink } from '../../diagnostics/event-sink.js';
import { untraced } from '../../diagnostics/tracer.js';
import { choiceOption, numberOption, typeOption } from '../../queue/options.js';
import { backoff, type Clock, sleep } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import type { MessageReceiver, MessageSender } from '../../queue/queue.js';
import type { BaseThriftServerOptions } from './server-options.js';

/** A dead-letter queue. Its own redrive policy is known if it can be received from as well. */
type DeadLetterSender = MessageSender & Pick<MessageReceiver, 'redrive'>;

export interface OpenQueues {
  readonly queue: MessageReceiver;
  readonly deadLetters: DeadLetterSender | undefined;
  readonly poisonPolicy: PoisonPolicy;
  /** Lists warnings about these queues for people, one sentence each. */
  readonly warnings: readonly string[];
}

export interface Openers {
  readonly openQueue: () => Promise<MessageReceiver>;
  readonly openDeadLetterQueue: () => Promise<DeadLetterSender>;
  readonly createConsumer: (parts: ConsumerParts) => ConsumerControl;
}

/** Holds the queue options with every default filled in. */
export interface QueueSettings {
  readonly poisonPolicy: 'redrive' | 'dead-letter' | 'drop';
  readonly maxDeadLetters: number;
  readonly onQueueMissing: 'fail' | 'wait';
}

/** @throws TypeError, RangeError an option is not acceptable */
export function resolveQueueSettings(options: BaseThriftServerOptions): QueueSettings {
  const poisonPolicy = choiceOption('poisonPolicy', options.poisonPolicy, ['redrive', 'dead-letter', 'drop']);
  if (poisonPolicy === 'redrive' && options.retry?.maxReceives !== undefined) {
    throw new TypeError(
      "option retry.maxReceives needs poisonPolicy: 'dead-letter' or 'drop'; with 'redrive' set maxReceiveCount in the redrive policy of the queue",
    );
  }
  choiceOption('onUnhandledMethod', options.onUnhandledMethod, ['warn', 'fail']);
  typeOption('classifyError', options.classifyError, 'function');
  typeOption('transportId', options.transportId, 'symbol');
  return {
    poisonPolicy,
    maxDeadLetters: numberOption('maxDeadLetters', options.maxDeadLetters, 3, 1, 1_000),
    onQueueMissing: choiceOption('onQueueMissing', options.onQueueMissing, ['fail', 'wait']),
  };
}

/**
 * Opens the queue, and the dead-letter queue if the poison policy needs it.
 *
 * @throws QueueError a queue cannot be opened
 * @throws Error the queue is its own dead-letter queue
 */
export async function openQueues(openers: Openers, settings: QueueSettings): Promise<OpenQueues> {
  const queue = await untraced(openers.openQueue);
  try {
    if (settings.poisonPolicy !== 'dead-letter') {
      const poisonPolicy = { type: settings.poisonPolicy };
      return { queue, deadLetters: undefined, poisonPolicy, warnings: redriveWarnings(queue, settings) };
    }
    const deadLetters = await untraced(openers.openDeadLetterQueue);
    const poisonPolicy = { type: 'dead-letter', deadLetters, max: settings.maxDeadLetters } as const;
    const warnings = [...loopWarnings(queue, deadLetters), ...fewReceives(queue)];
    const open = { queue, deadLetters, poisonPolicy, warnings };
    if (!isSame(deadLetters, queue)) return open;
    await deadLetters.close();
    throw new Error(`${queue.name} cannot be its own dead-letter queue: rejected messages would come back at once`);
  } catch (error) {
    await queue.close();
    throw error;
  }
}

/** True if both may be one queue. A queue of another kind of bodies is that of another carrier, whatever its name. */
function isSame(deadLetters: DeadLetterSender, { name, features }: MessageReceiver): boolean {
  return deadLetters.name === name && deadLetters.features.body === features.body;
}

function redriveWarnings(queue: MessageReceiver, { poisonPolicy }: QueueSettings): string[] {
  if (leadsTo(queue.redrive, queue)) {
    return [
      `${queue.name} is its own dead-letter queue: a message that always fails comes back forever; name another queue`,
    ];
  }
  if (poisonPolicy !== 'redrive') return fewReceives(queue);
  if (queue.redrive) return [...fewReceives(queue), ...fewReceivesOfGroups(queue)];
  return [
    `${queue.name} has no redrive policy: a message that always fails comes back until it expires; ` +
      'give the queue a dead-letter queue, or set poisonPolicy to "dead-letter"',
  ];
}

/** Sets the lowest `maxReceiveCount` without a warning. Not only failures count as receives. */
const ENOUGH_RECEIVES = 3;
/**
 * Sets the lowest `maxReceiveCount` of a FIFO queue without a warning. Messages that wait behind a
 * failing message are received with it, by each worker at least once.
 */
const ENOUGH_RECEIVES_OF_GROUPS = 10;

function fewReceives({ name, redrive }: MessageReceiver): string[] {
  if (redrive === undefined || redrive === 'unknown' || redrive.maxReceiveCount >= ENOUGH_RECEIVES) return [];
  return [
    `${name} moves messages at receive ${redrive.maxReceiveCount + 1}, and a crash, a deployment or a lost answer counts as a receive, ` +
      `so messages that never failed may be moved; set maxReceiveCount to ${ENOUGH_RECEIVES} or more`,
  ];
}

function fewReceivesOfGroups({ name, features, redrive }: MessageReceiver): string[] {
  // An event of Lambda does not show the policy, whatever this process may read.
  if (!features.ordered || !features.leases || redrive === undefined) return [];
  if (redrive === 'unknown') {
    return [
      `the redrive policy of ${name} cannot be read, so messages behind a failing message of their group may be moved before they ` +
        'ran; allow sqs:GetQueueAttributes, or set poisonPolicy to "dead-letter"',
    ];
  }
  if (redrive.maxReceiveCount >= ENOUGH_RECEIVES_OF_GROUPS) return [];
  return [
    `${name} moves messages after ${redrive.maxReceiveCount} receives, and messages behind a failing message of their group are ` +
      `received with it, so the queue may move them after one failure; set maxReceiveCount to ${ENOUGH_RECEIVES_OF_GROUPS} or more, or poisonPolicy to "dead-letter"`,
  ];
}

/** Returns the warning about a queue that takes fewer receives at a time than are expected. */
export function receiveWarnings({ name, limits }: MessageReceiver, expected: number): string[] {
  const { receives = Infinity } = limits;
  if (receives >= expected) return [];
  return [
    `${name} is received from by at most ${receives} long polls at once instead of ${expected}, because its client has too few connections; ` +
      'raise maxSockets of its agents, or lower maxPollers',
  ];
}

function loopWarnings(queue: MessageReceiver, deadLetters: DeadLetterSender): string[] {
  if (!leadsTo(deadLetters.redrive, queue)) return [];
  const howOften = queue.features.ordered ? 'each time SQS moves them' : 'up to maxDeadLetters times';
  return [
    `${deadLetters.name} uses ${queue.name} as its own dead-letter queue: rejected messages circulate, ` +
      `${howOften}; remove the redrive policy of ${deadLetters.name}`,
  ];
}

/** True if a redrive policy names the queue. SQS gives an ARN, whose last part is the name. */
function leadsTo(redrive: MessageReceiver['redrive'], queue: MessageReceiver): boolean {
  if (redrive === undefined || redrive === 'unknown') return false;
  return redrive.target.slice(redrive.target.lastIndexOf(':') + 1) === queue.name;
}

/** Sets the pauses between attempts to open, from one second to half a minute. */
const PAUSE_MS = 1_000;
const LONGER_MS = 29_000;

export interface KeepOpeningParts {
  readonly clock: Clock;
  readonly report: EventSink;
  /** Stops the retries. */
  readonly signal: AbortSignal;
}

/**
 * Retries until the queues are open or the signal aborts. `first` is the error of the first
 * attempt. Never rejects; reports each failure before the abort.
 */
export async function keepOpening(
  open: () => Promise<OpenQueues>,
  first: QueueError,
  { clock, report, signal }: KeepOpeningParts,
): Promise<OpenQueues | undefined> {
  let error = first;
  for (let failures = 1; ; failures += 1) {
    report({ type: 'poll-failed', queue: error.queue, failures, error });
    await sleep(clock, PAUSE_MS + backoff(failures, { baseMs: PAUSE_MS, maxMs: LONGER_MS }), signal);
    if (signal.aborted) return undefined;
    try {
      const queues = await open();
      if (!signal.aborted) report({ type: 'poll-recovered', queue: queues.queue.name, failures });
      return queues;
    } catch (cause) {
      if (signal.aborted) return undefined;
      error = QueueError.from(cause, first.queue);
    }
  }
}
