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

/** The message stays hidden from workers this long at most, should this process die meanwhile. */
const LOOK_SECONDS = 30;

/** `peek`: the next message, decoded, and put back. */
export function addPeek(program: Command): void {
  const command = program
    .command('peek')
    .description('show the next message of a queue, decoded by its IDL, and put it back')
    .option('--take', 'delete it after it was shown')
    .option('--wait <seconds>', 'how long to wait for a message, 0 to 20', parseWait, 1);
  addQueueFlags(addContractFlags(addWrappingFlags(command)));
  command
    .addHelpText(
      'after',
      `
Peeking counts as a receive: a queue with a redrive policy moves a message that was received too often.
Ends with 3 when there is no message, with 1 when it cannot be decoded: then its body is shown as it is.

Example:
  nestjs-sqs-thrift peek --queue backup --idl idl/backup.thrift --service BackupQueue`,
    )
    .action((flags: PeekFlags) => peek(command, flags));
}

/** Reads the seconds of a long poll. */
function parseWait(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= 20) return seconds;
  throw new InvalidArgumentError('It must be a whole number of seconds from 0 to 20.');
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
      note(flags.json, `queue "${queue.name}" has no message to receive: it is empty, or all are in flight or delayed`);
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

/** Prints a message. Puts it back where that fails, also one that was to be taken. */
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
    await queue.release([{ message, seconds: 0 }]);
    if (!take || !(error instanceof OutputError)) throw error;
    throw new CheckFailed(`the message was put back and not deleted: ${error.message}`);
  }
}

/** Explains why the messages of a queue are not received. */
export function tooFewReceives({ name }: Queue): string {
  return (
    `queue "${name}" has a maxReceiveCount of 1: a look would be the only receive of a message, and the next one would move it to ` +
    'the dead-letter queue. Raise it, or take messages with peek --take'
  );
}

async function end(queue: Queue, message: ReceivedMessage, { take, json }: PeekFlags): Promise<void> {
  const [outcome] = take ? await queue.acknowledge([message]) : await queue.release([{ message, seconds: 0 }]);
  if (outcome?.ok === false) throw outcome.error;
  note(json, take ? 'deleted' : `put back; this look counts as a receive${nextReceive(queue, message)}`);
}

function nextReceive({ redrive }: Queue, { receiveCount }: ReceivedMessage): string {
  if (redrive === undefined || redrive === 'unknown') return '';
  const left = redrive.maxReceiveCount - receiveCount;
  if (left > 0)
    return `, and ${left} of ${redrive.maxReceiveCount} are left before SQS moves it to the dead-letter queue`;
  return ': it was the last one, and the next moves it to the dead-letter queue';
}
