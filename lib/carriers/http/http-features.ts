import type { QueueFeatures } from '../../queue/queue.js';

/** Features of both ends. Nothing stands between them, so nothing is stored. */
export const HTTP_FEATURES: QueueFeatures = Object.freeze({
  persistent: false,
  leases: false,
  ordered: false,
  attributes: true,
  delay: false,
  longPolling: true,
  abortableReceive: true,
  resend: false,
  body: 'bytes',
});

/** Largest body in bytes by default, as of servers of Apache Thrift (`DEFAULT_MAX_FRAME_SIZE`). */
export const MAX_BODY_BYTES = 16_384_000;
/** Largest body in bytes that can be allowed. */
export const MOST_BODY_BYTES = 2 ** 30;

/** Media type of a Thrift message, which all clients of Apache Thrift send whatever their protocol. */
export const THRIFT_TYPE = 'application/x-thrift';
