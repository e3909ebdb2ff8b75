import { type Command, InvalidArgumentError } from 'commander';
import type { EventCodec } from '../../../event/event-codec.js';
import type { Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import { CheckFailed, endWith, EXIT } from '../exit.js';
import {
  addContractFlags,
  addQueueFlags,
  addWrappingFlags,
  codecOf,
  type ContractFlags,
  loadServices,
  type QueueFlags,
  queueOf,
  queueOptions,
  type WrappingFlags,
  wrappingOptions,
} from '../flags.js';
import { messageText, seeMessage, type SeenMessage } from '../message/seen-message.js';
import { note, OutputError, print } from '../print.js';
import { receivesLeft } from '../queue/release.js';

interface PeekFlags extends QueueFlags, ContractFlags, WrappingFlags {
  readonly take?: true;
  readonly wait: number;
}

/** Limits how long the message stays hidden from workers if this process dies. */
const LOOK_SECONDS = 30;

/** Adds `peek`, which shows the next message, decoded, and releases it. */
export function addPeek(program: Command): void {
  const command = program
    .command('peek')
    .description('show the next message of a queue, decoded by its IDL, and release it')
    .option('--take', 'delete the message after showing it')
    .option('--wait <seconds>', 'time to wait for a message, 0 to 20', parseWait, 1);
  addQueueFlags(addContractFlags(addWrappingFlags(command)));
  command
    .addHelpText(
      'after',
      `
A look counts as a receive: a queue with a redrive policy moves a message that was received too often.
Exit code: 3 without a message, 1 if the message cannot be decoded. The command then shows the undecoded body.

Example:
  nestjs-sqs-thrift peek --queue backup --idl idl/backup.thrift --service BackupQueue`,
    )
    .action((flags: PeekFlags) => peek(command, flags));
}

/** Reads the seconds of a long poll. */
function parseWait(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= 20) return seconds;
  throw new InvalidArgumentError('The value must be a whole number of seconds from 0 to 20.');
}

async function peek(command: Command, flags: PeekFlags): Promise<void> {
  const codec = codecOf(loadServices(flags));
  const name = queueOf(command, flags, codec);
  const queue = await openSqsQueue({ ...queueOptions(name, flags), ...wrappingOptions(flags) });
  try {
    if (!flags.take && receivesLeft(queue, 0) <= 0) throw new CheckFailed(tooFewReceives(queue));
    const [message] = await queue.receive({
      max: 1,
      waitSeconds: flags.wait,
      visibilityTimeoutSeconds: LOOK_SECONDS,
    });
    if (message === undefined) {
      note(
        flags.json,
        `queue "${queue.name}" has no message to receive: the queue is empty, or all messages are in flight or delayed`,
      );
      return endWith(EXIT.empty);
    }
    const seen = await show(queue, message, codec, flags);
    await end(queue, message, flags);
    if (seen.problem !== undefined) {
      throw new CheckFailed(`the message cannot be decoded: ${seen.problem.reason}: ${seen.problem.detail}`);
    }
  } finally {
    await queue.close();
  }
}

/** Prints a message. Releases the message if printing fails, even with `--take`. */
async function show(
  queue: Queue,
  message: ReceivedMessage,
  codec: EventCodec | undefined,
  { json, take }: PeekFlags,
): Promise<SeenMessage> {
  try {
    const seen = seeMessage(queue.name, message, codec);
    await print(json, seen, () => messageText(seen, take && message.body));
    return seen;
  } catch (error) {
    await queue.release([{ message, seconds: 0, cause: 'not-started' }]);
    if (!take || !(error instanceof OutputError)) throw error;
    throw new CheckFailed(`the message was released and not deleted: ${error.message}`);
  }
}

/** Explains why the command receives no message of a queue. */
export function tooFewReceives({ name }: Queue): string {
  return (
    `queue "${name}" has a maxReceiveCount of 1: a look would use the only receive of a message, and the next receive would move the message to ` +
    'the dead-letter queue. Raise maxReceiveCount, or take messages with peek --take'
  );
}

async function end(queue: Queue, message: ReceivedMessage, { take, json }: PeekFlags): Promise<void> {
  const [outcome] = take
    ? await queue.acknowledge([message])
    : await queue.release([{ message, seconds: 0, cause: 'not-started' }]);
  if (outcome?.ok === false) throw outcome.error;
  note(json, take ? 'deleted' : `released; this look counts as a receive${nextReceive(queue, message)}`);
}

function nextReceive({ redrive }: Queue, { receiveCount }: ReceivedMessage): string {
  if (redrive === undefined || redrive === 'unknown') return '';
  const left = redrive.maxReceiveCount - receiveCount;
  if (left > 0)
    return `, and ${left} of ${redrive.maxReceiveCount} receives are left before SQS moves the message to the dead-letter queue`;
  return ': it was the last receive, and the next receive moves the message to the dead-letter queue';
}
