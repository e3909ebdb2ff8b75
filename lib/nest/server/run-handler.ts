import type { BaseRpcContext, MessageHandler } from '@nestjs/microservices';
import { EMPTY, isObservable, mergeMap, type Observable } from 'rxjs';
import { errorOf } from '../../consume/handler-errors.js';
import { type Aborts, AbortSource } from '../../queue/abort-source.js';
import { ThriftContext } from '../thrift.context.js';

/** Returns the abort of the delivery of a context. Never aborts for a context of another kind. */
export function abortsOf(context: BaseRpcContext): Aborts {
  return context instanceof ThriftContext ? context.getArgs()[1].aborts : new AbortSource();
}

/**
 * Runs every handler of a call to its end.
 *
 * @throws the error of one failed handler, or HandlersFailedError
 */
export function runHandlers(
  handlers: readonly MessageHandler[],
  data: unknown,
  context: unknown,
  signal: Aborts,
): Promise<void> {
  const [first] = handlers;
  return handlers.length === 1 ? runHandler(first!, data, context, signal) : runAll(handlers, data, context, signal);
}

async function runAll(
  handlers: readonly MessageHandler[],
  data: unknown,
  context: unknown,
  signal: Aborts,
): Promise<void> {
  const results = await Promise.allSettled(handlers.map((handler) => runHandler(handler, data, context, signal)));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) throw errorOf(errors);
}

/**
 * Runs a handler to its very end. A handler of Nest resolves even if it failed, with a stream that
 * errors on subscription. Behind an interceptor nothing runs before the subscription. So this
 * function subscribes exactly once and follows the stream until it completes. An empty stream is a
 * success.
 *
 * @throws the error of the handler, or the signal's reason as soon as the signal aborts
 */
function runHandler(handler: MessageHandler, data: unknown, context: unknown, signal: Aborts): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    const end = (): void => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', giveUp);
      reject(error);
    };
    const follow = (result: unknown): void => {
      try {
        if (isObservable(result)) completion(result, signal).then(end, fail);
        else end();
      } catch (error) {
        // A result may throw when somebody looks at it.
        fail(error as Error);
      }
    };
    started(handler, data, context).then(follow, fail);
  });
}

/** Starts a handler. A handler that was not made by Nest may return any value, or throw. */
function started(handler: MessageHandler, data: unknown, context: unknown): Promise<unknown> {
  try {
    return Promise.resolve(handler(data, context) as unknown);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Merges a stream with the streams inside it. An asynchronous exception filter behind an
 * interceptor emits its failing stream as a value. Without the merge the failure would count as a
 * success.
 */
function followed(stream: Observable<unknown>): Observable<unknown> {
  return stream.pipe(mergeMap((value) => (isObservable(value) ? value : EMPTY)));
}

/** Waits until a stream completes. An abort unsubscribes, which runs the teardown of the stream. */
function completion(stream: Observable<unknown>, signal: Aborts): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = followed(stream).subscribe({ error: reject, complete: resolve });
    if (subscription.closed) return;
    const leave = (): void => {
      try {
        subscription.unsubscribe();
      } catch {
        // The handler was given up. A failing teardown of its stream changes nothing.
      }
    };
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    subscription.add(() => signal.removeEventListener('abort', leave));
  });
}
