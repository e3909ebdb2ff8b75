import { parseArgs } from 'node:util';
import type { DataPathName } from '#lib/carriers/sqs/data-path-option.js';

/** Describes one run of the command. */
export interface ContractOptions {
  /** The SQS to check. `aws` is the account of the user, else an endpoint or the embedded SQS. */
  readonly target: 'aws' | 'endpoint' | 'embedded';
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  /** Begins the names of all queues. */
  readonly prefix: string;
  readonly dataPaths: readonly DataPathName[];
}

const USAGE = `usage: npm run contract -- [--aws | --endpoint <url>] [--prefix <text>] [--region <name>] [--data-path lean|sdk]

  --aws        checks SQS of your own account, with region and credentials of the default chain
  --endpoint   checks the server at this address, with test keys
               default: an SQS embedded in this process
  --prefix     begins the names of all queues, up to 40 letters, digits, - and _
  --region     default: as the AWS SDK finds it; us-east-1 without --aws
  --data-path  checks one data path; default: both`;

/** Reports a mistake of the user. Its text is all that the command prints. */
export class UserError extends Error {}

const DATA_PATHS: readonly DataPathName[] = ['lean', 'sdk'];

/**
 * Reads the arguments of the command.
 *
 * @throws UserError they make no sense
 */
export function readOptions(args: readonly string[]): ContractOptions {
  const values = parsed(args);
  const { aws, endpoint, region, prefix } = values;
  if (aws && endpoint !== undefined) throw new UserError(`Give --aws or --endpoint, not both.\n\n${USAGE}`);
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(prefix)) {
    throw new UserError('--prefix takes 1 to 40 letters, digits, hyphens and underscores.');
  }
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw new UserError('--endpoint takes a URL.');
  const dataPaths = DATA_PATHS.filter((name) => name === (values['data-path'] ?? name));
  if (dataPaths.length === 0) throw new UserError('--data-path takes lean or sdk.');
  return {
    target: aws ? 'aws' : endpoint === undefined ? 'embedded' : 'endpoint',
    endpoint,
    region,
    prefix,
    dataPaths,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        aws: { type: 'boolean', default: false },
        endpoint: { type: 'string' },
        region: { type: 'string' },
        prefix: { type: 'string', default: 'nestjs-sqs-thrift-contract' },
        'data-path': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${USAGE}`);
  }
}
