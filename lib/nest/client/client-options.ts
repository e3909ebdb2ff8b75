import type { EventCodecOptions } from '../../event/event-codec.js';
import type { ThriftService } from '../../idl/schema.js';
import type { PublishOptions } from '../../publish/publish-options.js';

/** Options of every client over a queue. */
export interface BaseThriftClientOptions extends PublishOptions, EventCodecOptions {
  /** The service or services of the IDL whose oneway methods are called. */
  readonly service: ThriftService | readonly ThriftService[];
}
