import type { INestMicroservice } from '@nestjs/common';
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

/** A started application, and the strategies of its queues. */
export interface BootedFunction {
  readonly app: Pick<INestMicroservice, 'close'>;
  readonly servers: readonly ServerSqsLambda[];
}

/** Creates a handler from a function that starts its application. Starts the application at once. */
export function lambdaHandler(boot: () => Promise<BootedFunction>, answerBeforeMs: number): LambdaHandler {
  const application = new WarmFunction(boot);
  const handler = async (event: LambdaEvent, context?: LambdaContext): Promise<LambdaBatchResponse> => {
    const deadlines = startDeadlines(context, answerBeforeMs, systemClock);
    try {
      const records = recordsOf(event);
      const { servers } = await application.get();
      const failed = await handleAll(bySource(records, servers), deadlines);
      await flushClients(deadlines.over);
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
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

/** Keeps the application for all events. A failed start is forgotten. */
class WarmFunction {
  private booting: Promise<BootedFunction> | undefined;

  constructor(private readonly boot: () => Promise<BootedFunction>) {}

  get(): Promise<BootedFunction> {
    return (this.booting ??= this.boot().catch((error: unknown) => {
      this.booting = undefined;
      throw error;
    }));
  }

  async close(): Promise<void> {
    const { booting } = this;
    this.booting = undefined;
    await booting?.then(
      ({ app }) => app.close(),
      () => undefined,
    );
  }
}

type Batches = ReadonlyMap<ServerSqsLambda, readonly LambdaRecord[]>;

/** @throws LambdaEventError a record comes from a queue that the function does not handle */
function bySource(records: readonly LambdaRecord[], servers: readonly ServerSqsLambda[]): Batches {
  const batches = new Map<ServerSqsLambda, LambdaRecord[]>();
  for (const record of records) {
    const { eventSourceARN } = record;
    const server = servers.find((one) => one.receivesFrom(eventSourceARN));
    if (server === undefined) {
      const known = servers.map(({ source }) => source).join(', ');
      throw new LambdaEventError(
        `the function handles no messages of ${eventSourceARN}, only of ${known}; list the queue in createLambdaHandler`,
      );
    }
    const batch = batches.get(server);
    if (batch === undefined) batches.set(server, [record]);
    else batch.push(record);
  }
  return batches;
}

async function handleAll(batches: Batches, deadlines: InvocationDeadlines): Promise<readonly string[]> {
  const failed = await Promise.all([...batches].map(([server, records]) => server.handle(records, deadlines)));
  return failed.flat();
}
