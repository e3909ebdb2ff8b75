/**
 * The default `transportId` of the strategy: `@EventPattern('startBackup', SQS_THRIFT)` binds a handler to it alone in an
 * application with several transports. Give each of two strategies in one process a symbol of its own.
 */
export const SQS_THRIFT: unique symbol = Symbol('sqs-thrift');
