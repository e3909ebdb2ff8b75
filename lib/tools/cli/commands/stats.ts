import type { Command } from 'commander';
import { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { toQueueProperties } from '../../../carriers/sqs/queue-properties.js';
import { QueueError } from '../../../queue/queue-error.js';
import { CheckFailed } from '../exit.js';
import {
  addContractFlags,
  ALL_QUEUES,
  addQueueFlags,
  codecOf,
  type ContractFlags,
  loadServices,
  type QueueFlags,
  queueOptions,
} from '../flags.js';
import { print } from '../print.js';
import { queuesOf } from '../queue/planned-queues.js';
import { lineText } from '../text.js';

interface StatsFlags extends QueueFlags, ContractFlags {}

/** Numbers of messages in a queue, as SQS counts them: approximately. */
interface QueueStats {
  readonly queue: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Messages in the dead-letter queue. Absent if the queue has none, null if it cannot be read. */
  readonly deadLetters?: number | null;
}

/** Adds `stats`, which counts the messages of queues. */
export function addStats(program: Command): void {
  const command = program
    .command('stats')
    .description('count the messages of queues: waiting, in flight, delayed, dead letters');
  addQueueFlags(addContractFlags(command), ALL_QUEUES)
    .addHelpText(
      'after',
      `
Shows the queue of --queue, or all queues that the IDL names. The numbers of SQS are approximate, and up to a minute old.
Exit code: 1 if a queue cannot be read.

Example:
  nestjs-sqs-thrift stats --idl 'idl/*.thrift'`,
    )
    .action((flags: StatsFlags) => stats(command, flags));
}

async function stats(command: Command, flags: StatsFlags): Promise<void> {
  const codec = codecOf(loadServices(flags));
  // A queue that is named shows alone.
  const queues = queuesOf(command, flags.queue === undefined ? codec?.contract : undefined, flags);
  const found = await Promise.all(queues.map((name) => read(name, flags)));
  const rows = found.filter((row): row is QueueStats => !(row instanceof QueueError));
  const failures = found.filter((row) => row instanceof QueueError);
  if (rows.length > 0) {
    if (flags.json) for (const row of rows) await print(true, row, '');
    else await print(false, rows, table(rows));
  }
  if (failures.length > 0) throw new CheckFailed(failures.map(({ message }) => message).join('\n'));
}

async function read(queue: string, flags: StatsFlags): Promise<QueueStats | QueueError> {
  try {
    const admin = await QueueAdmin.open(queueOptions(queue, flags));
    try {
      const { visible, inFlight, delayed } = await admin.depth();
      const deadLetters = await countDeadLetters(admin);
      return {
        queue: admin.name,
        waiting: visible,
        inFlight,
        delayed,
        ...(deadLetters !== undefined && { deadLetters }),
      };
    } finally {
      admin.close();
    }
  } catch (error) {
    if (error instanceof QueueError) return error;
    throw error;
  }
}

async function countDeadLetters(admin: QueueAdmin): Promise<number | null | undefined> {
  const { redrive } = toQueueProperties(admin.name, admin.attributes ?? {});
  if (redrive === undefined || redrive === 'unknown') return undefined;
  try {
    const target = await QueueAdmin.open(admin.beside(redrive.target));
    const { visible, inFlight, delayed } = await target.depth().finally(() => target.close());
    return visible + inFlight + delayed;
  } catch (error) {
    if (error instanceof QueueError) return null;
    throw error;
  }
}

const HEADER = ['queue', 'waiting', 'in flight', 'delayed', 'dead letters'];

/** Formats rows as a table. A queue without a dead-letter queue has `none` there. */
function table(rows: readonly QueueStats[]): string {
  const cells = rows.map(({ queue, waiting, inFlight, delayed, deadLetters = 'none' }) =>
    [queue, waiting, inFlight, delayed, deadLetters ?? 'unreadable'].map(String),
  );
  const widths = HEADER.map((_, at) => Math.max(...[HEADER, ...cells].map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ');
  return [HEADER, ...cells].map((row) => lineText(line(row))).join('\n');
}
