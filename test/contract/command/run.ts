/**
 * Runs the contract of a queue over both data paths of SQS: against an SQS embedded in this process, against any
 * server (`--endpoint`), or against an account of AWS (`--aws`). Deletes its queues at the end, also after a
 * failure or a signal.
 *
 *     npm run contract
 *     npm run contract -- --aws --prefix check --region eu-west-1
 *
 * Ends with code 0 if all checks passed, 1 if a check failed or a queue is left, 2 if it cannot begin, and 130
 * after a signal.
 */
import { randomBytes } from 'node:crypto';
import { queueContract } from '#lib/testing.js';
import { SQS_PROMISES, sqsCarrier, type SqsServer } from '../sqs-carrier.js';
import { SQS_RULES } from '../sqs-rule-checks.js';
import { farCarrier } from './far-carrier.js';
import { type ContractOptions, readOptions, UserError } from './options.js';
import { type Leftover, OwnQueues } from './own-queues.js';
import { type Check, runChecks } from './run-checks.js';
import { type ContractService, openService } from './service.js';

/** A signal within this time in ms after another is the same: a terminal and npm may both send it. */
const SAME_SIGNAL_MS = 500;

const print = (line: string): void => console.log(line);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const service = await openService(options);
  const prefix = `${options.prefix}-${randomBytes(4).toString('hex')}-`;
  const queues = new OwnQueues(service);
  const signal = stopOnSignal(() => `Queues are left. Find them with: ${listCommand(service, prefix)}`);
  print(`The contract of a queue on ${service.title}. The queues begin with ${prefix}`);
  try {
    await refuseWithoutQueues(queues, prefix);
    const failed = await Promise.race([checkPaths(options, service, queues, prefix, signal), aborted(signal)]);
    return failed > 0 ? 1 : 0;
  } finally {
    const left = await deleteQueues(queues, service);
    await service.stop();
    // A check may still wait for an answer.
    if (signal.aborted) process.exit(130);
    if (left > 0) process.exitCode = 1;
  }
}

/** Returns the number of checks that failed. */
async function checkPaths(
  { dataPaths }: ContractOptions,
  service: ContractService,
  queues: OwnQueues,
  prefix: string,
  signal: AbortSignal,
): Promise<number> {
  let allFailed = 0;
  for (const dataPath of dataPaths) {
    const server: SqsServer = {
      ...service.access,
      dataPath,
      prefix: `${prefix}${dataPath}-`,
      createQueue: (name, attributes) => queues.create(name, attributes),
      stop: () => service.stop(),
    };
    const carrier = sqsCarrier(server);
    print(`\ndata path ${dataPath}`);
    const totals = await runChecks(checksOf(service), service.isFar ? farCarrier(carrier) : carrier, print, signal);
    const { passed, failed, deviating, skipped } = totals;
    const more = `${deviating} known deviations, ${skipped} skipped`;
    print(`data path ${dataPath}: ${passed} passed, ${failed} failed, ${more}`);
    allFailed += failed;
  }
  return allFailed;
}

function checksOf({ deviations, skipped }: ContractService): readonly Check[] {
  const rules = SQS_RULES.map((check) => ({ group: 'rules of SQS', ...check }));
  const checks: readonly Check[] = [...queueContract({ ...SQS_PROMISES, deviations }), ...rules];
  return checks.map((check) => ({ ...check, skipped: skipped[check.title] }));
}

/** Creates a queue before all others, so that a missing permission is reported once. */
async function refuseWithoutQueues(queues: OwnQueues, prefix: string): Promise<void> {
  try {
    await queues.create(`${prefix}first`);
  } catch (error) {
    throw new UserError(
      `No queue can be created: ${String(error)}\nThe command needs sqs:CreateQueue, sqs:DeleteQueue, ` +
        'sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:SendMessage, sqs:ReceiveMessage, sqs:DeleteMessage and ' +
        `sqs:ChangeMessageVisibility on arn:aws:sqs:*:*:${prefix}*`,
      { cause: error },
    );
  }
}

/** Returns the number of queues that are left, and prints them with the commands that delete them. */
async function deleteQueues(queues: OwnQueues, service: ContractService): Promise<number> {
  const { count } = queues;
  const left = await queues.deleteAll();
  print(`\nDeleted ${count - left.length} of ${count} queues.`);
  for (const queue of left) print(adviceFor(queue, service));
  return left.length;
}

function adviceFor({ name, url, reason }: Leftover, service: ContractService): string {
  const region = `--region ${service.region}`;
  const advice = url === undefined ? listCommand(service, name) : `aws sqs delete-queue ${region} --queue-url ${url}`;
  return `Could not delete ${name}: ${reason}\n  ${advice}`;
}

function listCommand({ region }: ContractService, prefix: string): string {
  return `aws sqs list-queues --region ${region} --queue-name-prefix ${prefix}`;
}

/** Aborts on the first signal, so that the queues are deleted. A second signal ends the process. */
function stopOnSignal(lastWords: () => string): AbortSignal {
  const stop = new AbortController();
  let firstAt: number | undefined;
  const onSignal = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      print('\nDeleting the queues. Another signal ends the process at once.');
      stop.abort();
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      print(lastWords());
      process.exit(130);
    }
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return stop.signal;
}

function aborted(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(0);
    signal.addEventListener('abort', () => resolve(0), { once: true });
  });
}

try {
  process.exitCode = Math.max(await main(), Number(process.exitCode ?? 0));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
