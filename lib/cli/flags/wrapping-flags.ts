import type { Command } from 'commander';
import type { SqsQueueOptions } from '../../sqs/sqs-queue-options.js';
import { collect } from './contract-flags.js';

/** What the bodies of the queue are wrapped into. */
export interface WrappingFlags {
  readonly snsTopic?: readonly string[];
  readonly bucket?: string;
}

/** Adds `--sns-topic` and `--bucket`. */
export function addWrappingFlags(command: Command): Command {
  return command
    .option('--sns-topic <arn>', 'take calls out of envelopes of this topic; may be given several times', collect)
    .option('--bucket <name>', 'get large bodies from this bucket of S3 (needs @aws-sdk/client-s3)');
}

/** The options by which calls are taken out of what they are wrapped into. */
export function wrappingOptions({ snsTopic = [], bucket }: WrappingFlags): Partial<SqsQueueOptions> {
  return {
    ...(snsTopic.length > 0 && { envelope: { type: 'sns', topics: snsTopic } }),
    ...(bucket !== undefined && { largePayloads: { bucket } }),
  };
}
