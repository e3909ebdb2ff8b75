import type { CallDispatcher, CallHandler } from './delivery.js';

/** Wraps the handling of one call of a delivery. */
export type CallMiddleware = (next: CallHandler) => CallHandler;

/** Composes the middleware of a call, outermost first, and its dispatch into one handler. */
export function pipeline(middleware: readonly CallMiddleware[], dispatcher: CallDispatcher): CallHandler {
  const dispatch: CallHandler = (call, delivery) => dispatcher.dispatch(call, delivery);
  return middleware.reduceRight<CallHandler>((next, wrap) => wrap(next), dispatch);
}
