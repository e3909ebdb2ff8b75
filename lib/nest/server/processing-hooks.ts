import type { BaseRpcContext } from '@nestjs/microservices';

/** The hooks by which observability follows a message (`Server#setOnProcessingStartHook` and its end). */
export interface ProcessingHooks {
  readonly start: (transportId: symbol, context: BaseRpcContext, done: () => Promise<void>) => unknown;
  readonly end: ((transportId: symbol, context: BaseRpcContext) => void) | undefined;
  readonly transportId: symbol;
  readonly context: BaseRpcContext;
  /** Takes what the end hook threw. */
  readonly hookFailed: (error: unknown) => void;
}

/**
 * Runs `run` between the hooks, each once. The outcome is taken inside `done`: the start hook's own return value is not typed, and
 * the end hook must run in the asynchronous context that the start hook set up. Nest 12 has this on the base class, Nest 11 not.
 *
 * @throws what `run` throws, or the start hook if it fails before calling `done`
 */
export function withProcessingHooks(
  { start, end, transportId, context, hookFailed }: ProcessingHooks,
  run: () => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = async (): Promise<void> => {
      try {
        await run();
        resolve();
      } catch (error) {
        reject(error);
      } finally {
        // A tracer that fails must not change what becomes of the message, nor end the process.
        try {
          end?.(transportId, context);
        } catch (error) {
          hookFailed(error);
        }
      }
    };
    Promise.resolve()
      .then(() => start(transportId, context, done))
      .catch(reject);
  });
}
