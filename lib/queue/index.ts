/**
 * The subpath `nestjs-sqs-thrift/port`: what a carrier of its own implements and throws.
 */
export { QueueError, type QueueErrorInit, type QueueErrorKind } from './queue-error.js';
export {
  type Discard,
  type EntryResult,
  type LeaseExtension,
  type MessageReceiver,
  type MessageSender,
  type Queue,
  type QueueFeatures,
  type QueueLimits,
  type ReceiveOptions,
  type RedrivePolicy,
  type Release,
  type SendResult,
} from './queue.js';
export type { RejectReason } from './settlement.js';
export type { Defect, ReceivedMessage, WireBody, WireMessage } from './wire-message.js';
