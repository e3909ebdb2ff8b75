import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, type Observable } from 'rxjs';

/**
 * Runs a handler to its very end. Nest's handlers resolve although they failed, with a stream that errors on subscription, and
 * behind an interceptor nothing runs before that; so the stream is subscribed to exactly once and followed until it completes.
 * An empty stream is a success.
 *
 * @throws whatever the handler failed with, or the signal's reason as soon as it aborts
 */
export async function runHandler(
  handler: MessageHandler,
  data: unknown,
  context: unknown,
  signal: AbortSignal,
): Promise<void> {
  await untilAborted(signal, async (follow) => {
    const result: unknown = await handler(data, context);
    if (isObservable(result)) await follow(result);
  });
}

type Follow = (stream: Observable<unknown>) => Promise<void>;

async function untilAborted(signal: AbortSignal, run: (follow: Follow) => Promise<void>): Promise<void> {
  signal.throwIfAborted();
  let giveUp: () => void;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason as Error);
    signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    await Promise.race([run((stream) => completion(stream, signal)), aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp!);
  }
}

/** Unsubscribing on abort runs the teardown of the stream. */
function completion(stream: Observable<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = stream.subscribe({ error: reject, complete: resolve });
    if (subscription.closed) return;
    const leave = (): void => subscription.unsubscribe();
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    subscription.add(() => signal.removeEventListener('abort', leave));
  });
}
