import { runContract } from './run-contract.js';
import { SQS_PROMISES, sqsCarrier, type SqsServer } from './sqs-carrier.js';
import { sqsRules } from './sqs-rules.js';

/** Runs the contract against a server, with the known deviations of the server. */
export function runSqsContract(
  name: string,
  deviations: Readonly<Record<string, string>>,
  start: () => Promise<SqsServer>,
): void {
  runContract(name, { ...SQS_PROMISES, deviations }, async () => sqsCarrier(await start()));
  sqsRules(name, async () => sqsCarrier(await start()));
}
