import { type Command, InvalidArgumentError, Option } from 'commander';
import { addContractFlags, addPrefixFlag, codecOf, type ContractFlags, loadServices, parseReceives } from '../flags.js';
import { renderCdk } from '../infra/cdk.js';
import { renderCloudFormation } from '../infra/cloudformation.js';
import { placeOf, renderIam } from '../infra/iam.js';
import type { InfraOptions } from '../infra/infra-options.js';
import { renderKeda } from '../infra/keda.js';
import { type InfrastructurePlan, planInfrastructure } from '../infra/plan-infrastructure.js';
import { readInfraOptions } from '../infra/read-options.js';
import { renderTerraform } from '../infra/terraform.js';
import { note, print } from '../print.js';

interface InfraFlags extends ContractFlags {
  readonly format: Format;
  readonly options?: string;
  readonly queue?: string;
  readonly prefix?: string;
  readonly region?: string;
  readonly account?: string;
  readonly maxReceiveCount?: number;
  readonly handlerTimeout?: number;
}

/** Renders a plan by the name of its format. */
const FORMATS = {
  terraform: ({ infrastructure }: InfrastructurePlan) => renderTerraform(infrastructure),
  cdk: ({ infrastructure }: InfrastructurePlan) => renderCdk(infrastructure),
  cloudformation: ({ infrastructure }: InfrastructurePlan) => renderCloudFormation(infrastructure),
  iam: ({ infrastructure, options }: InfrastructurePlan) => renderIam(infrastructure, placeOf(options, 'iam')),
  keda: ({ infrastructure, options }: InfrastructurePlan) => renderKeda(infrastructure, placeOf(options, 'keda')),
} as const;

type Format = keyof typeof FORMATS;

/** Adds `infra`, which writes the resources of an IDL for other tools. */
export function addInfra(program: Command): void {
  const command = program
    .command('infra')
    .description('write queues, alarms and least-privilege policies of the IDL for Terraform, CDK or CloudFormation')
    .addOption(
      new Option('--format <format>', 'form of the output').choices(Object.keys(FORMATS)).makeOptionMandatory(),
    )
    .option('--options <file>', 'file of JSON with options of workers, clients, queues and alarms')
    .option('--queue <name>', 'name of the queue of all methods that name none in the IDL')
    .option('--region <region>', 'region of the queues, for the formats iam and keda')
    .option('--account <account>', 'account of the queues, for the formats iam and keda')
    .option(
      '--max-receive-count <receives>',
      'receives after which a message moves to the dead-letter queue, 1 to 1000 (default: 5, and 10 for FIFO queues)',
      parseReceives,
    )
    .option('--handler-timeout <ms>', 'longest time that handlers run, for the visibility timeout', parseTimeout);
  addPrefixFlag(addContractFlags(command))
    .addHelpText(
      'after',
      `
Prints the output and creates nothing. The file of --options has the options of workers and clients, such as poisonPolicy and
largePayloads, and those of queues, such as retentionSeconds, kmsKey and alarms. Flags take precedence over the file. The same input
gives the same output, and ids of resources depend on the names of queues without prefix.

Example:
  nestjs-sqs-thrift infra --format terraform --idl 'idl/*.thrift' --prefix staging- > queues.tf`,
    )
    .action((flags: InfraFlags) => infra(command, flags));
}

function parseTimeout(text: string): number {
  if (/^[1-9]\d{0,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('The value must be a whole number of milliseconds above 0.');
}

async function infra(command: Command, flags: InfraFlags): Promise<void> {
  if (flags.idl === undefined) return command.error("error: required option '--idl <file>' not specified");
  const given = flags.options === undefined ? {} : readInfraOptions(flags.options);
  const contract = codecOf(loadServices(flags))?.contract;
  const plan = planInfrastructure(command, contract, { ...given, ...ownOptions(flags) }, flags.options ?? 'options');
  await print(false, undefined, FORMATS[flags.format](plan));
  for (const text of remarks(flags.format, plan)) note(false, text);
}

/** Returns the options that flags give. */
function ownOptions({ queue, prefix, region, account, maxReceiveCount, handlerTimeout }: InfraFlags): InfraOptions {
  return {
    ...(queue !== undefined && { queue }),
    ...(prefix !== undefined && { queuePrefix: prefix }),
    ...(region !== undefined && { region }),
    ...(account !== undefined && { account }),
    ...(maxReceiveCount !== undefined && { maxReceiveCount }),
    ...(handlerTimeout !== undefined && { handlerTimeoutMs: handlerTimeout }),
  };
}

/** Says what the output leaves to other resources. */
function remarks(format: Format, { infrastructure }: InfrastructurePlan): readonly string[] {
  const { keyStatement, queues, alarms } = infrastructure;
  const deploys = format !== 'keda' && format !== 'iam';
  const byContent = queues.filter(({ contentBasedDeduplication }) => contentBasedDeduplication);
  return [
    ...(deploys && alarms.some(({ actions }) => actions.length === 0)
      ? ['The alarms notify nobody. Name the ARN of a topic in alarms.actions of --options.']
      : []),
    ...(keyStatement !== undefined && deploys
      ? ['The policy of the KMS key must let sns.amazonaws.com use the key; --format iam prints the statement.']
      : []),
    ...byContent.map(
      ({ name }) =>
        `${name} deduplicates by content: equal calls within five minutes count as one. Annotate methods with sqs.dedup.`,
    ),
  ];
}
