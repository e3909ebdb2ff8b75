import { type Command, InvalidArgumentError } from 'commander';
import type { EventCodec } from '../../../event/event-codec.js';
import { type EmbeddedSqs, startEmbeddedSqs } from '../../../testing/embedded/embedded-sqs.js';
import type { EmbeddedMessage } from '../../../testing/embedded/sent-messages.js';
import { CheckFailed } from '../exit.js';
import { addContractFlags, addPrefixFlag, codecOf, type ContractFlags, loadServices } from '../flags.js';
import { interruptible } from '../interrupt.js';
import { readBody } from '../message/read-body.js';
import { callsText } from '../message/seen-message.js';
import { print } from '../print.js';
import { createPlanned } from '../queue/create-planned.js';
import { plannedQueues } from '../queue/planned-queues.js';
import { cut, lineText } from '../text.js';
import { lineOf } from './create.js';

interface LocalFlags extends ContractFlags {
  readonly queue?: string;
  readonly prefix?: string;
  readonly port: number;
}

/** Characters of the calls of a message, and of a name, that a line shows. */
const MAX_SHOWN = 2_000;
const MAX_NAME = 100;
/** Default port, which other emulators of SQS use as well. */
const PORT = 4566;

/** Adds `local`, which runs an SQS on this machine. */
export function addLocal(program: Command): void {
  const command = program
    .command('local')
    .description('run an SQS on this machine with the queues of the IDL, and show what it receives')
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free port', parsePort, PORT)
    .option('--queue <queue>', 'queue of the methods that name no queue in the IDL');
  addPrefixFlag(addContractFlags(command))
    .addHelpText(
      'after',
      `
Needs the package fauxqs: npm install --save-dev fauxqs. Creates the queues as "create" does, prints the variables with which applications
find the server, and then a line for each message. Messages are in memory and are lost when the command ends. Ctrl-C ends it.

Example:
  nestjs-sqs-thrift local --idl 'idl/*.thrift'`,
    )
    .action((flags: LocalFlags) => local(command, flags));
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('The value must be a port from 0 to 65535.');
}

async function local(command: Command, flags: LocalFlags): Promise<void> {
  const codec = codecOf(loadServices(flags));
  const plans = plannedQueues(command, codec?.contract, flags);
  const broken = new AbortController();
  const show = (message: EmbeddedMessage): Promise<void> =>
    print(false, message, messageLine(message, codec)).catch((error: unknown) => broken.abort(error));
  const sqs = await start(flags.port, show);
  try {
    const { endpoint, region, credentials } = sqs;
    for (const plan of plans) {
      const created = await createPlanned(plan, { options: { endpoint, region, credentials }, dryRun: false });
      await print(false, created, lineOf(created));
    }
    await print(false, sqs.env, readyText(sqs));
    await interruptible((signal) => untilAborted(AbortSignal.any([signal, broken.signal])));
    // The reader of the output is gone, or the disk is full.
    broken.signal.throwIfAborted();
  } finally {
    await sqs.stop();
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function start(port: number, onSend: (message: EmbeddedMessage) => unknown): Promise<EmbeddedSqs> {
  try {
    return await startEmbeddedSqs({ port, onSend });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new CheckFailed(`port ${port} is in use; end the program that uses it, or choose another with --port`);
    }
    throw error instanceof Error && error.message.includes('fauxqs') ? new CheckFailed(error.message) : error;
  }
}

function readyText({ endpoint, env }: EmbeddedSqs): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${value}`);
  return ['', ...exports, '', `SQS listens at ${endpoint}. Messages are lost when it ends. Ctrl-C ends it.`].join('\n');
}

/** Formats a message in one line: the time, the queue, and the calls. */
function messageLine(message: EmbeddedMessage, codec: EventCodec | undefined): string {
  const time = new Date().toTimeString().slice(0, 8);
  const calls = cut(callsText(readBody(message.body, codec)), MAX_SHOWN);
  return `${time} ${lineText(cut(message.queue, MAX_NAME))} ${calls}`;
}
