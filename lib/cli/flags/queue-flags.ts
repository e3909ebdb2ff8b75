import type { Command } from 'commander';
import type { SqsQueueOptions } from '../../sqs/sqs-queue-options.js';

/** Which queue a command is about, and where it is. */
export interface QueueFlags {
  readonly queue?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly json?: true;
}

/** Adds `--queue`, `--endpoint`, `--region` and `--json`. */
export function addQueueFlags(command: Command): Command {
  return command
    .option('--queue <queue>', "the queue's name, URL or ARN; needed unless the IDL names one for all methods")
    .option('--endpoint <url>', 'where requests go (default: AWS_ENDPOINT_URL_SQS or AWS_ENDPOINT_URL, else AWS)')
    .option('--region <region>', 'default: the one in the URL or ARN, else AWS_REGION or the profile')
    .option('--json', 'print JSON, for programs');
}

/** The options by which the queue of the flags is opened. Keys and profile come from the environment, as for any tool of AWS. */
export function queueOptions(queue: string, { endpoint, region }: QueueFlags): SqsQueueOptions {
  return { queue, ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }) };
}
