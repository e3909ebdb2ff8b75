import { Logger } from '@nestjs/common';
import type { LambdaRecord } from '../../carriers/sqs/invocation/lambda-record.js';
import { systemClock } from '../../queue/clock.js';
import { type InvocationDeadlines, startDeadlines } from './deadlines.js';
import { flushClients } from './flush-clients.js';
import {
  type LambdaBatchResponse,
  type LambdaContext,
  type LambdaEvent,
  LambdaEventError,
  recordsOf,
} from './lambda-event.js';
import type { ServerSqsLambda } from './server-sqs-lambda.js';
import { type BootedFunction, WarmFunction } from './warm-function.js';

/**
 * The handler of a function of AWS Lambda.
 *
 * @publicApi
 */
export interface LambdaHandler {
  /**
   * Handles the messages of an event. Resolves with the messages that stay in the queue, before the
   * function times out. Rejects, so that all messages stay, if the application cannot start.
   *
   * @throws LambdaEventError the event is none of SQS, or of a queue that the function does not handle
   * @throws LambdaStartError the application has not started in time
   */
  (event: LambdaEvent, context?: LambdaContext): Promise<LambdaBatchResponse>;
  /**
   * Resolves once the application has started. Await it at the top level of an ES module, so that the
   * start belongs to the initialization of the function. Rejects if the start failed.
   */
  ready(): Promise<void>;
  /** Closes the application, as SIGTERM does. A later event starts it anew. */
  close(): Promise<void>;
}

/** Creates a handler from a function that starts its application. Starts the application at once. */
export function lambdaHandler(boot: () => Promise<BootedFunction>, answerBeforeMs: number): LambdaHandler {
  const application = new WarmFunction(boot);
  const logger = new Logger('LambdaHandler');
  const handler = async (event: LambdaEvent, context?: LambdaContext): Promise<LambdaBatchResponse> => {
    const deadlines = startDeadlines(context, answerBeforeMs, systemClock);
    try {
      const records = recordsOf(event);
      const { servers } = await application.getBefore(deadlines.over);
      warnOfShortTime(deadlines, answerBeforeMs, logger);
      const failed = await handleAll(bySource(records, servers), deadlines);
      const unsent = await flushClients(deadlines.over);
      return answerOf(unsent === 0 ? failed : idsOf(records, unsent, logger));
    } finally {
      deadlines.clear();
    }
  };
  application.get().catch(() => undefined);
  return Object.assign(handler, {
    ready: async () => void (await application.get()),
    close: () => application.close(),
  });
}

function answerOf(failed: readonly string[]): LambdaBatchResponse {
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Returns the ids of all messages: nothing shows whose handlers have emitted the calls that are not stored. */
function idsOf(records: readonly LambdaRecord[], unsent: number, logger: Logger): readonly string[] {
  const ids = new Set(records.map(({ messageId }) => messageId));
  logger.error(
    `${unsent} emitted calls are not stored at the end of the time of an event, so all of its ${ids.size} messages come back; ` +
      'let handlers await their emits, or raise answerBeforeMs or the timeout of the function',
  );
  return [...ids];
}

function warnOfShortTime({ tooShortMs }: InvocationDeadlines, answerBeforeMs: number, logger: Logger): void {
  if (tooShortMs === undefined) return;
  logger.error(
    `answerBeforeMs (${answerBeforeMs} ms) is more than half of the ${tooShortMs} ms that the function has left, so half of them counts; ` +
      'raise the timeout of the function, or lower answerBeforeMs',
  );
}

type Batches = ReadonlyMap<ServerSqsLambda, readonly LambdaRecord[]>;

/** @throws LambdaEventError a record comes from a queue that the function does not handle */
function bySource(records: readonly LambdaRecord[], servers: readonly ServerSqsLambda[]): Batches {
  const batches = new Map<ServerSqsLambda, LambdaRecord[]>();
  for (const record of records) {
    const server = serverOf(record, servers);
    const batch = batches.get(server);
    if (batch === undefined) batches.set(server, [record]);
    else batch.push(record);
  }
  return batches;
}

function serverOf({ eventSourceARN: arn }: LambdaRecord, servers: readonly ServerSqsLambda[]): ServerSqsLambda {
  const server = servers.find(({ source }) => source.matches(arn));
  if (server === undefined) {
    const known = servers.map(({ source }) => source.arn ?? source.given).join(', ');
    throw new LambdaEventError(
      `the function handles no messages of ${arn}, only of ${known}; list the queue in createLambdaHandler`,
    );
  }
  server.source.pin(arn);
  return server;
}

async function handleAll(batches: Batches, deadlines: InvocationDeadlines): Promise<readonly string[]> {
  const failed = await Promise.all([...batches].map(([server, records]) => server.handle(records, deadlines)));
  return failed.flat();
}
