import type { PublishOptions } from '../publish/publish-options.js';
import type { SqsQueueOptions } from '../sqs/sqs-queue-options.js';
import type { ProtocolName } from '../thrift/protocol.js';

/** Options of a transport over any queue. */
export interface ThriftTransportOptions extends PublishOptions {
  /** The protocol that calls are written in. Default `binary`. */
  readonly protocol?: ProtocolName | undefined;
  /**
   * Told of each call that was handed over and not stored, once, with its method. Default: a warning of the process for the first one,
   * and for the first after a call was stored again.
   */
  readonly onError?: ((error: Error, method: string) => void) | undefined;
}

/** Options of {@link SqsThriftTransport.open}. */
export interface SqsThriftTransportOptions extends ThriftTransportOptions, SqsQueueOptions {}
