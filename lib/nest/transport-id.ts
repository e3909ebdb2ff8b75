/**
 * Identifies the strategy as its default `transportId`. In an application with several transports,
 * `@EventPattern('startBackup', SQS_THRIFT)` binds a handler to this strategy alone. Give each of
 * two strategies in one process its own symbol.
 *
 * @publicApi
 */
export const SQS_THRIFT: unique symbol = Symbol.for('nestjs-sqs-thrift:sqs');

/**
 * Identifies `ServerThriftSocket` as its default `transportId`, as {@link SQS_THRIFT} does for SQS.
 *
 * @publicApi
 */
export const THRIFT_SOCKET: unique symbol = Symbol.for('nestjs-sqs-thrift:socket');

/**
 * Identifies `ServerThriftHttp` as its default `transportId`, as {@link SQS_THRIFT} does for SQS.
 *
 * @publicApi
 */
export const THRIFT_HTTP: unique symbol = Symbol.for('nestjs-sqs-thrift:http');
