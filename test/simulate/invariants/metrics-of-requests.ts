import type { PortRequest } from '../records.js';
import type { Run } from '../simulation.js';
import { mainQueue } from './facts.js';
import { compare, counted, Tally } from './tally.js';
import type { Violation } from './violation.js';

/** Compares the requests and their messages with what the processes read, and with what the queues did. */
export function requestMetrics(run: Run): Violation[] {
  return [...requests(run), ...sentMessages(run), ...storedMessages(run), ...receivedMessages(run)];
}

/** Compares requests by verb, queue and result. A crashed process does not read the answer, so its open requests do not count. */
function requests(run: Run): Violation[] {
  const tally = new Tally();
  for (const port of run.journal.ports) {
    const result = resultOf(port);
    if (result) tally.add(`${port.verb} to ${port.queue} ${result}`);
  }
  for (const [result, count] of Object.entries(run.journal.receives)) {
    if (count > 0) tally.add(`receive to ${mainQueue(run)} ${result}`, count);
  }
  const ofMetrics = counted(
    run,
    'nestjs_sqs_thrift.requests',
    (attributes) => `${attributes.verb} to ${attributes['messaging.destination.name']} ${attributes.result}`,
  );
  return compare(run, 'metrics count each request', ofMetrics, tally);
}

function resultOf({ originals, results, error }: PortRequest): string | undefined {
  if (error !== undefined) return 'failed';
  if (!results) return undefined;
  const failed = results.filter(({ ok }) => !ok).length;
  if (failed === 0) return 'succeeded';
  return failed === originals.length ? 'failed' : 'partly-failed';
}

/** Compares sent messages by queue and error, as the processes read the answers. */
function sentMessages(run: Run): Violation[] {
  const tally = new Tally();
  for (const { verb, queue, originals, results, error } of run.journal.ports) {
    if (verb !== 'send') continue;
    if (error !== undefined) tally.add(`to ${queue} ${error}`, originals.length);
    for (const result of results ?? []) tally.add(`to ${queue} ${result.ok ? 'stored' : result.error.code}`);
  }
  return compare(run, 'metrics count each sent message', sent(run), tally);
}

/**
 * Compares sent messages with the counter of the queue. The queue accepts more than the processes
 * know: answers get lost, a repeated request is accepted twice, and a crashed process reads nothing.
 * So the accepted entries equal those that metrics count as stored, and those of answers that no
 * process read.
 */
function storedMessages(run: Run): Violation[] {
  const tally = new Tally();
  const ofMetrics = sent(run);
  const known = new Tally();
  for (const [queue, accepted] of run.accepted) {
    if (accepted > 0) tally.add(queue, accepted);
    if (ofMetrics.of(`to ${queue} stored`) > 0) known.add(queue, ofMetrics.of(`to ${queue} stored`));
  }
  for (const { verb, queue, executions, results } of run.journal.ports) {
    if (verb !== 'send') continue;
    for (const answer of executions.filter((each) => each !== results)) {
      known.add(queue, answer.filter(({ ok }) => ok).length);
    }
  }
  return compare(run, 'metrics agree with the counter of the queue', known, tally);
}

function sent(run: Run): Tally {
  return counted(
    run,
    'messaging.client.sent.messages',
    (attributes) => `to ${attributes['messaging.destination.name']} ${attributes['error.type'] ?? 'stored'}`,
  );
}

/** Compares received messages with the deliveries of the queue, except those of answers that no process read. */
function receivedMessages(run: Run): Violation[] {
  const tally = new Tally();
  for (const { message, readAt } of run.journal.deliveries.values()) {
    if (readAt !== undefined) tally.add(`from ${message.queue}`);
  }
  const ofMetrics = counted(
    run,
    'messaging.client.consumed.messages',
    (attributes) => `from ${attributes['messaging.destination.name']}`,
  );
  return compare(run, 'metrics count each received message', ofMetrics, tally);
}
