import type { CallDispatcher, CallHandler, DeliveryHandler } from './delivery.js';

/** Wraps the handling of a delivery. */
export type DeliveryMiddleware = (next: DeliveryHandler) => DeliveryHandler;

/** Wraps the handling of one call of a delivery. */
export type CallMiddleware = (next: CallHandler) => CallHandler;

/** Lists the stages of a delivery, outermost first. */
export interface PipelineStages {
  /** Stages that see each message once. */
  readonly message: readonly DeliveryMiddleware[];
  /** Turns a message into its calls and runs each of them. */
  readonly decode: (next: CallHandler) => DeliveryHandler;
  /** Stages that see each call of a message once. */
  readonly call: readonly CallMiddleware[];
  /** Runs the handlers of a call. */
  readonly dispatcher: CallDispatcher;
}

/** Composes the stages into one handler. */
export function pipeline({ message, decode, call: callStages, dispatcher }: PipelineStages): DeliveryHandler {
  const dispatch: CallHandler = (call, delivery) => dispatcher.dispatch(call, delivery);
  const handleCall = callStages.reduceRight<CallHandler>((next, wrap) => wrap(next), dispatch);
  return message.reduceRight<DeliveryHandler>((next, wrap) => wrap(next), decode(handleCall));
}
