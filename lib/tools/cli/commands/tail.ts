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
import { callsText, seeMessage, type SeenMessage } from '../message/seen-message.js';
import { print } from '../print.js';
import { follow } from '../queue/follow.js';
import { receivesLeft } from '../queue/release.js';
import { count, lineText } from '../text.js';
import { tooFewReceives } from './peek.js';

interface TailFlags extends QueueFlags, ContractFlags, WrappingFlags {
  readonly count?: number;
}

/** Adds `tail`, which shows messages as they arrive and releases them. */
export function addTail(program: Command): void {
  const command = program
    .command('tail')
    .description('follow a queue: show each message once and release it')
    .option('--count <messages>', 'end after this number of messages', parseCount);
  addQueueFlags(addContractFlags(addWrappingFlags(command)))
    .addHelpText(
      'after',
      `
SQS cannot be read without receiving. The command releases each message at once, so that a worker can take it, but:
  - each look counts as a receive. The command ends with 1 if another look would use up the last receive of a message before SQS moves the
    message to the dead-letter queue. It does not begin if maxReceiveCount is 1;
  - a message that no worker takes is shown again, and then hidden from workers for 30 s, 60 s … 5 min;
  - a message that a worker takes first is not shown, and AWS bills one to three requests per look;
  - on a FIFO queue, a message that is looked at blocks its message group.
At its end the command releases the messages that it has hidden. Ctrl-C ends it.

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
      : `, and after ${redrive.maxReceiveCount} receives SQS moves a message to the dead-letter queue`;
  return `following queue "${name}"; each look counts as a receive${receives} (--help lists the other costs)`;
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
      'before SQS moves the message to the dead-letter queue',
  );
}

/** Formats a message in one line: the time it was sent, and its calls. */
function line(message: SeenMessage): string {
  const { sentAt = '', messageId } = message;
  return [sentAt, lineText(messageId), callsText(message)].filter((part) => part !== '').join(' ');
}
