/**
 * The subpath `nestjs-sqs-thrift/socket`: the strategy and the client over sockets, and both ends for
 * programs without Nest's modules. Loads Nest.
 *
 * @packageDocumentation
 */
export type { InboxLimitOptions } from './carriers/inbox/inbox-options.js';
export type { SocketPeer } from './carriers/socket/server-connection.js';
export type { CarrierNotice } from './queue/carrier-notice.js';
export type {
  SocketAddressOptions,
  SocketReceiverOptions,
  SocketSenderOptions,
} from './carriers/socket/socket-options.js';
export {
  openSocketReceiver,
  type OpenSocketReceiverOptions,
  type SocketReceiver,
} from './carriers/socket/socket-receiver.js';
export { openSocketSender, type OpenSocketSenderOptions } from './carriers/socket/socket-sender.js';
export type { PlainClientOptions } from './nest/client/plain-client-options.js';
export type { LeaselessServerOptions } from './nest/server/leaseless-options.js';
export { ClientThriftSocket, type ClientThriftSocketOptions } from './nest/socket/client-thrift-socket.js';
export { ServerThriftSocket, type ServerThriftSocketOptions } from './nest/socket/server-thrift-socket.js';
export { THRIFT_SOCKET } from './nest/transport-id.js';
