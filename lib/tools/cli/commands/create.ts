import type { Command } from 'commander';
import {
  addContractFlags,
  addQueueFlags,
  codecOf,
  type ContractFlags,
  loadServices,
  parseReceives,
  type QueueFlags,
  queueOptions,
} from '../flags.js';
import { note, print } from '../print.js';
import { type CreatedQueue, createPlanned } from '../queue/create-planned.js';
import { plannedQueues } from '../queue/planned-queues.js';
import { count, lineText } from '../text.js';

interface CreateFlags extends QueueFlags, ContractFlags {
  readonly maxReceiveCount?: number;
  readonly dryRun?: true;
}

/** Adds `create`, which creates the queues of an IDL. */
export function addCreate(program: Command): void {
  const command = program
    .command('create')
    .description('create the queues of the IDL, with dead-letter queues and redrive policies')
    .option(
      '--max-receive-count <receives>',
      'receives after which a message moves to the dead-letter queue, 1 to 1000 (default: 5, and 10 for FIFO queues)',
      parseReceives,
    )
    .option('--dry-run', 'print what would be created, and create nothing');
  addQueueFlags(addContractFlags(command), 'name of the queue of all methods that name none in the IDL')
    .addHelpText(
      'after',
      `
The IDL names queues with (sqs.queue = "name"). --queue names the queue of all other methods, and of no IDL at all. The queue "backup"
gets the dead-letter queue "backup-dlq", which keeps messages for 14 days. A FIFO queue deduplicates by content if a method has no sqs.dedup.
A queue that exists keeps its attributes, and gets a redrive policy if it has none. So the command may run at each deployment, and in
several processes at once.

Example:
  nestjs-sqs-thrift create --idl 'idl/*.thrift' --prefix staging- --dry-run`,
    )
    .action((flags: CreateFlags) => create(command, flags));
}

async function create(command: Command, flags: CreateFlags): Promise<void> {
  const { queue, prefix, maxReceiveCount, dryRun = false, json } = flags;
  const plans = plannedQueues(command, codecOf(loadServices(flags))?.contract, { queue, prefix, maxReceiveCount });
  const { queue: _, ...options } = queueOptions('', flags);
  let where: string | undefined;
  for (const plan of plans) {
    const { place, ...created } = await createPlanned(plan, { options, dryRun });
    where ??= place;
    const { contentBasedDeduplication } = plan;
    await print(json, { ...created, contentBasedDeduplication }, lineOf(created));
    if (contentBasedDeduplication && created.status === 'created') {
      note(
        json,
        `${plan.name} deduplicates by content: equal calls within five minutes count as one. Annotate methods with sqs.dedup.`,
      );
    }
  }
  if (where !== undefined) note(json, `the queues are in ${where}`);
}

const BEGINS: Readonly<Record<CreatedQueue['status'], string>> = {
  created: 'created',
  updated: 'updated',
  exists: 'exists ',
  'would-create': 'would create',
  'would-update': 'would update',
};

/** Formats a queue as `created backup, with dead-letter queue backup-dlq after 5 receives`. */
export function lineOf({ queue, status, deadLetterQueue, maxReceiveCount }: CreatedQueue): string {
  return lineText(
    `${BEGINS[status]} ${queue}, with dead-letter queue ${deadLetterQueue} after ${count(maxReceiveCount, 'receive')}`,
  );
}
