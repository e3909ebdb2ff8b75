import { optionalNumber, optionalText, type Input } from './input.js';
import type { Delivery } from './model.js';
import type { QueueState } from './queue-state.js';
import { badValue, Refusal } from './refusal.js';

/** Messages in flight that a queue has at most, of either type (SQS quotas). */
const MAX_IN_FLIGHT = 120_000;

/** Lists the faults of a receive that its request does not show. */
export interface ReceiveCircumstances {
  readonly now: () => number;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  /** Messages that stay visible though they are handed out. */
  readonly stayVisible: (delivery: Delivery) => boolean;
}

/** ReceiveMessage, without the shape of its answer. Rejects with the reason of the signal when that aborts first. */
export async function receive(
  queue: QueueState,
  input: Input,
  { now, signal, stayVisible }: ReceiveCircumstances,
): Promise<readonly Delivery[]> {
  const { max, wait, hidden } = numbersOf(queue, input);
  const attempt = attemptId(queue, input);
  const repeated = attempt === undefined ? undefined : repeat(queue, attempt, now(), hidden);
  if (repeated !== undefined) return repeated;
  const take = (): Delivery[] => {
    if (atLimit(queue)) return [];
    const deliveries = queue.take(max, hidden);
    for (const delivery of deliveries) {
      if (stayVisible(delivery)) queue.hideUntil(delivery.message, -Infinity);
    }
    return deliveries;
  };
  queue.wake();
  if (!queue.fifo && atLimit(queue)) {
    throw new Refusal('OverLimit', 'Too many messages are in flight. Delete some before receiving more.');
  }
  const aborted = (): Error => signal.reason as Error;
  const deliveries = wait === 0 ? take() : await queue.waiters.wait({ take, ms: wait * 1000, signal, aborted });
  if (attempt !== undefined && deliveries.length > 0) queue.attempts.remember(attempt, deliveries, now());
  return deliveries;
}

/** Combines the values of a request with the defaults of its queue. Times in seconds. */
function numbersOf({ settings }: QueueState, input: Input): Record<'max' | 'wait' | 'hidden', number> {
  return {
    max: optionalNumber(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
    wait: optionalNumber(input, 'WaitTimeSeconds', 0, 20) ?? settings.receiveWaitSeconds ?? 0,
    hidden: optionalNumber(input, 'VisibilityTimeout', 0, 43_200) ?? settings.visibilityTimeoutSeconds ?? 30,
  };
}

function attemptId({ fifo }: QueueState, input: Input): string | undefined {
  const id = optionalText(input, 'ReceiveRequestAttemptId');
  if (id === undefined || (fifo && /^[\x21-\x7E]{1,128}$/.test(id))) return id;
  throw badValue(
    'ReceiveRequestAttemptId',
    id,
    'It is for FIFO queues, 1 to 128 alphanumeric and punctuation characters',
  );
}

function repeat(queue: QueueState, attempt: string, now: number, hidden: number): readonly Delivery[] | undefined {
  queue.wake();
  const deliveries = queue.attempts.find(attempt, now);
  if (deliveries === undefined) return undefined;
  for (const { message } of deliveries) queue.hideUntil(message, now + 1000 * hidden);
  queue.attempts.remember(attempt, deliveries, now);
  return deliveries;
}

function atLimit({ counts, settings }: QueueState): boolean {
  return counts['in-flight'] >= (settings.maxInFlight ?? MAX_IN_FLIGHT);
}
