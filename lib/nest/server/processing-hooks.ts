import type { BaseRpcContext } from '@nestjs/microservices';
import { messageOf } from '../../diagnostics/error-text.js';

/**
 * Lists the hooks with which observability follows a message (`Server#setOnProcessingStartHook` and
 * its counterpart for the end).
 */
export interface ProcessingHooks {
  readonly start: (transportId: symbol, context: BaseRpcContext, done: () => Promise<void>) => unknown;
  readonly end: ((transportId: symbol, context: BaseRpcContext) => void) | undefined;
  readonly transportId: symbol;
  readonly context: BaseRpcContext;
  /** Writes the error of the end hook. */
  readonly logger: { error(text: string): void };
}

/**
 * Runs `run` between the start hook and the end hook, each once. The outcome is captured inside
 * `done`, because the start hook's own return value is not typed. The end hook must run in the
 * asynchronous context that the start hook set up. Nest 12 has this function in its base class;
 * Nest 11 does not.
 *
 * @throws what `run` throws, or the start hook if it fails before calling `done`
 */
export function withProcessingHooks(
  { start, end, transportId, context, logger }: ProcessingHooks,
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
        // A failing tracer must neither change the outcome of the message nor end the process.
        try {
          end?.(transportId, context);
        } catch (error) {
          logger.error(`the processing end hook failed: ${messageOf(error)}`);
        }
      }
    };
    // A start hook that returns no promise may throw.
    const started = new Promise((called) => called(start(transportId, context, done)));
    started.catch(reject);
  });
}
