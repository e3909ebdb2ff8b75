/**
 * The subpath `nestjs-sqs-thrift/http`: clients and strategies over HTTP, and both ends without Nest.
 * Loads Nest.
 *
 * @packageDocumentation
 */
export { ClientThriftHttp, type ClientThriftHttpOptions } from './nest/http/client-thrift-http.js';
export { ServerThriftHttp, type ServerThriftHttpOptions } from './nest/http/server-thrift-http.js';
export { THRIFT_HTTP } from './nest/transport-id.js';
export type { LeaselessServerOptions } from './nest/server/leaseless-options.js';
export type { InboxLimitOptions } from './carriers/inbox/inbox-options.js';
export type { CarrierNotice } from './queue/carrier-notice.js';
export type { HttpReceiver, HttpRequestListener } from './carriers/http/http-inbox.js';
export type { HttpReceiverOptions, HttpRequestInfo } from './carriers/http/http-receiver-options.js';
export type { HttpHeaders, HttpSenderOptions } from './carriers/http/http-sender-options.js';
export type { HttpRefusal } from './carriers/http/refusal.js';
export {
  openHttpReceiver,
  type OpenHttpReceiverOptions,
  openHttpSender,
  type OpenHttpSenderOptions,
} from './carriers/http/open-http.js';
