import type { MessageHandler } from '@nestjs/microservices';
import { EMPTY, isObservable, mergeMap, type Observable } from 'rxjs';

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

/**
 * The stream with the streams in it. An asynchronous exception filter behind an interceptor hands its erroring stream on as a value;
 * not to look into it would take the failure for a success.
 */
function followed(stream: Observable<unknown>): Observable<unknown> {
  return stream.pipe(mergeMap((value) => (isObservable(value) ? value : EMPTY)));
}

/** Unsubscribing on abort runs the teardown of the stream. */
function completion(stream: Observable<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = followed(stream).subscribe({ error: reject, complete: resolve });
    if (subscription.closed) return;
    const leave = (): void => subscription.unsubscribe();
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    subscription.add(() => signal.removeEventListener('abort', leave));
  });
}
