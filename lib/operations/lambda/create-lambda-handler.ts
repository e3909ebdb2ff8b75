import type { INestMicroservice } from '@nestjs/common';
import type { AppModule } from '../../nest/app-module.js';
import { createCombined, ThriftFactory } from '../../nest/thrift-factory.js';
import { type LambdaHandlerOptions, resolveLambdaHandlerOptions } from './lambda-handler-options.js';
import { type LambdaHandler, lambdaHandler } from './lambda-handler.js';
import type { LambdaQueueOptions } from './lambda-queue-options.js';
import type { QueueSource } from './queue-source.js';
import { ServerSqsLambda } from './server-sqs-lambda.js';
import type { BootedFunction } from './warm-function.js';

/**
 * Creates the handler of a function of AWS Lambda that SQS invokes. Each message runs through the
 * same decorators, guards, pipes, interceptors and filters as in a worker, and the handler answers with
 * the messages that failed. The event source mapping needs `ReportBatchItemFailures`.
 *
 * The application starts at once, and serves all later events. If its start fails, the events fail, and
 * the next event starts it anew. A module that is given as a promise which rejects cannot start again.
 *
 * @param queues the options of the queue, or a list for a function of several queues
 * @throws TypeError, RangeError, QueueError an option is unknown or not acceptable
 * @example
 * export const handler = createLambdaHandler(WorkerModule, { service: BackupQueue });
 * @publicApi
 */
export function createLambdaHandler(
  module: AppModule,
  queues: LambdaQueueOptions | readonly LambdaQueueOptions[],
  options: LambdaHandlerOptions = {},
): LambdaHandler {
  const { answerBeforeMs, application, configure } = resolveLambdaHandlerOptions(options);
  let checked: readonly ServerSqsLambda[] | undefined = createServers(queues);
  const boot = async (): Promise<BootedFunction> => {
    // A strategy starts once.
    const servers = checked ?? createServers(queues);
    checked = undefined;
    const app = await createApplication(module, servers, { ...application, abortOnError: false }, configure);
    return { app, servers };
  };
  return lambdaHandler(boot, answerBeforeMs);
}

type Settings = NonNullable<LambdaHandlerOptions['application']>;

/** Starts an application. After a failure it closes what has started. */
async function createApplication(
  module: AppModule,
  servers: readonly ServerSqsLambda[],
  settings: Settings,
  configure: LambdaHandlerOptions['configure'],
): Promise<INestMicroservice> {
  let app: INestMicroservice | undefined;
  try {
    const [sole, ...others] = servers;
    app = await (others.length === 0
      ? ThriftFactory.createMicroservice(module, sole!, settings)
      : createCombined(module, servers, settings));
    // Lambda sends this signal to functions with an extension only.
    app.enableShutdownHooks(['SIGTERM']);
    await configure?.(app);
    await app.listen();
    return app;
  } catch (error) {
    await app?.close().catch(() => undefined);
    for (const server of servers) void server.close();
    throw error;
  }
}

/** Creates the strategies of a function. Several get transport ids of their own. */
function createServers(queues: LambdaQueueOptions | readonly LambdaQueueOptions[]): readonly ServerSqsLambda[] {
  const list: readonly LambdaQueueOptions[] = isList(queues) ? queues : [queues];
  if (list.length === 0) throw new TypeError('createLambdaHandler got an empty list; pass the options of a queue');
  const isSole = list.length === 1;
  const servers = list.map(
    (options) => new ServerSqsLambda(isSole ? options : { transportId: Symbol('nestjs-sqs-thrift:sqs'), ...options }),
  );
  try {
    checkSources(servers.map(({ source }) => source));
    return servers;
  } catch (error) {
    for (const server of servers) void server.close();
    throw error;
  }
}

/** @throws TypeError two sources may be the same queue, so an event could belong to either */
function checkSources(sources: readonly QueueSource[]): void {
  for (const [at, source] of sources.entries()) {
    const other = sources.slice(0, at).find((before) => before.overlaps(source));
    if (other === undefined) continue;
    throw new TypeError(
      other.given === source.given
        ? `createLambdaHandler got the queue ${source.given} twice; list the services of a queue together`
        : `createLambdaHandler got ${other.given} and ${source.given}, which may be the same queue; give both by ARN`,
    );
  }
}

function isList(queues: LambdaQueueOptions | readonly LambdaQueueOptions[]): queues is readonly LambdaQueueOptions[] {
  return Array.isArray(queues);
}
