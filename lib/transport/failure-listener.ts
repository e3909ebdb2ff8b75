import type { TransportEvent } from '../diagnostics/transport-event.js';
import type { ThriftTransportOptions } from './transport-options.js';

/** Brings failures to a listener; without one they are warnings of the process, one an outage. */
export function failureListener(onError: ThriftTransportOptions['onError']): (event: TransportEvent) => void {
  let failing = false;
  const warn = (error: Error, queue: string, method: string): void => {
    if (failing) return;
    failing = true;
    const message = `${method} was not stored by ${queue}: ${error.message} (give onError to be told of each)`;
    process.emitWarning(message, { type: 'SqsThriftTransportWarning' });
  };
  return (event) => {
    if (event.type === 'stored') failing = false;
    if (event.type !== 'emit-failed') return;
    const { queue, method } = event;
    const error = event.error as Error;
    if (onError) onError(error, method);
    else warn(error, queue, method);
  };
}
