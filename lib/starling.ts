/**
 * The subpath `nestjs-sqs-thrift/starling`: strategy and client for queues of Starling, Kestrel,
 * Siberite and Darner, and the queues themselves for programs without Nest. Loads Nest.
 *
 * @packageDocumentation
 */
export { openStarlingQueue, openStarlingSender } from './carriers/starling/open-starling-queue.js';
export type {
  StarlingDialect,
  StarlingQueueOptions,
  StarlingSenderOptions,
  StarlingServerOptions,
} from './carriers/starling/starling-options.js';
export type { StarlingQueue } from './carriers/starling/starling-queue.js';
export type { LeaselessServerOptions } from './nest/server/leaseless-options.js';
export { ClientThriftStarling, type ClientThriftStarlingOptions } from './nest/starling/client-thrift-starling.js';
export type { ServerThriftStarlingOptions } from './nest/starling/server-thrift-starling-options.js';
export { ServerThriftStarling } from './nest/starling/server-thrift-starling.js';
export { THRIFT_STARLING } from './nest/transport-id.js';
