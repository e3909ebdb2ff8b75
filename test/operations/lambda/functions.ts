import {
  createLambdaHandler,
  type LambdaHandler,
  type LambdaHandlerOptions,
  type LambdaQueueOptions,
  type LambdaRecord,
} from 'nestjs-sqs-thrift/lambda';
import { BackupQueue, Desk, moduleOf } from './backup-function.js';

const handlers: LambdaHandler[] = [];

/** Closes the functions of a test. */
export async function closeFunctions(): Promise<void> {
  for (const handler of handlers.splice(0)) await handler.close();
}

/** Closes a function after its test. */
export function closeLater(handler: LambdaHandler): LambdaHandler {
  handlers.push(handler);
  return handler;
}

/** Creates the handler of a function whose handlers ask the desk. */
export function functionOf(
  desk: Desk,
  queue: Partial<LambdaQueueOptions> = {},
  options: LambdaHandlerOptions = {},
): LambdaHandler {
  const given = { queue: 'backup', service: BackupQueue, poisonPolicy: 'drop', ...queue } as const;
  return closeLater(createLambdaHandler(moduleOf(desk), given, { application: { logger: false }, ...options }));
}

/** Returns a desk whose handlers fail for some users. */
export function failing(...users: string[]): Desk {
  const desk = new Desk();
  desk.handler = (userId) => {
    if (users.includes(userId)) throw new Error(`no backup of ${userId}`);
  };
  return desk;
}

/** Returns the answer that keeps messages in their queue. */
export function failures(...records: LambdaRecord[]): object {
  return { batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Returns a promise, and the function that resolves it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Runs until its signal aborts, and rejects then. */
export const untilAborted = (_userId: string, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
