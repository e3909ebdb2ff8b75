import type { Command } from 'commander';
import type { EventCodec } from '../../../event/event-codec.js';
import type { Queue } from '../../../queue/queue.js';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import { CheckFailed } from '../exit.js';
import {
  addContractFlags,
  addQueueFlags,
  addWrappingFlags,
  codecOf,
  type ContractFlags,
  loadServices,
  parseCount,
  type QueueFlags,
  queueOf,
  queueOptions,
  type WrappingFlags,
  wrappingOptions,
} from '../flags.js';
import { interruptible } from '../interrupt.js';
import { callName, seeMessage, type SeenMessage } from '../message/seen-message.js';
import { print } from '../print.js';
import { follow } from '../queue/follow.js';
import { receivesLeft } from '../queue/release.js';
import { count, lineText, shownJson } from '../text.js';
import { tooFewReceives } from './peek.js';

interface TailFlags extends QueueFlags, ContractFlags, WrappingFlags {
  readonly count?: number;
}

/** `tail`: shows messages as they come and releases them. */
export function addTail(program: Command): void {
  const command = program
    .command('tail')
    .description('follow a queue: show each message once and release it')
    .option('--count <messages>', 'end after so many', parseCount);
  addQueueFlags(addContractFlags(addWrappingFlags(command)))
    .addHelpText(
      'after',
      `
SQS cannot be read without receiving. Each message is released at once, so that a worker can take it, but:
  - each look counts as a receive: it ends with 1 where another look would use up the last receive of a message before SQS moves it to
    the dead-letter queue, and does not begin where maxReceiveCount is 1;
  - a message that no worker takes is looked at again, and then kept away from workers for 30 s, 60 s … 5 min;
  - a message that a worker takes first is not seen at all, and each look is a request or three that AWS bills;
  - on a FIFO queue, what is looked at holds up its message group.
At its end it releases what it has hidden.
Ctrl-C ends it.

Example:
  nestjs-sqs-thrift tail --queue backup --idl idl/backup.thrift`,
    )
    .action((flags: TailFlags) => tail(command, flags));
}

async function tail(command: Command, flags: TailFlags): Promise<void> {
  const codec = codecOf(loadServices(flags));
  const queue = await openSqsQueue({
    ...queueOptions(queueOf(command, flags, codec), flags),
    ...wrappingOptions(flags),
  });
  try {
    if (receivesLeft(queue, 0) <= 0) throw new CheckFailed(tooFewReceives(queue));
    console.error(warning(queue));
    await interruptible((signal) => show(queue, codec, flags, signal));
  } finally {
    await queue.close();
  }
}

function warning({ name, redrive }: Queue): string {
  const receives =
    redrive === undefined || redrive === 'unknown'
      ? ''
      : `, and after ${redrive.maxReceiveCount} SQS moves a message away`;
  return `following queue "${name}"; each look counts as a receive${receives} (--help tells what else it costs)`;
}

async function show(queue: Queue, codec: EventCodec | undefined, flags: TailFlags, signal: AbortSignal): Promise<void> {
  let shown = 0;
  const { stopped } = await follow(queue, signal, async (message) => {
    const seen = seeMessage(queue.name, message, codec);
    await print(flags.json, seen, () => line(seen));
    shown += 1;
    return shown !== flags.count;
  });
  if (stopped === undefined) return;
  const { id, receiveCount } = stopped;
  throw new CheckFailed(
    `stopped: message ${lineText(id)} was received ${count(receiveCount, 'time')}; one more look would leave no receive for a worker ` +
      'before SQS moves it to the dead-letter queue',
  );
}

/** A message in one line: when it was sent, and its calls. */
function line({ sentAt = '', messageId, calls, problem }: SeenMessage): string {
  const told = calls.map((call) => `${callName(call)} ${shownJson(call.args ?? call.fields)[0]}`);
  if (problem !== undefined) told.push(`${problem.reason}: ${lineText(problem.detail)}`);
  return [sentAt, lineText(messageId), told.join('; ')].filter((part) => part !== '').join(' ');
}
