/**
 * The subpath `nestjs-sqs-thrift/http`: clients and strategies over HTTP, and both ends without Nest.
 * Loads Nest.
 *
 * @packageDocumentation
 */
export { ClientThriftHttp, type ClientThriftHttpOptions } from './nest/http/client-thrift-http.js';
export { ServerThriftHttp, type ServerThriftHttpOptions } from './nest/http/server-thrift-http.js';
export { THRIFT_HTTP } from './nest/transport-id.js';
export { HttpReceiver, type HttpRequestListener, type HttpReceiverParts } from './carriers/http/http-receiver.js';
export type { HttpReceiverOptions, HttpRequestInfo } from './carriers/http/http-receiver-options.js';
export { HttpSender } from './carriers/http/http-sender.js';
export type { HttpHeaders, HttpSenderOptions } from './carriers/http/http-sender-options.js';
