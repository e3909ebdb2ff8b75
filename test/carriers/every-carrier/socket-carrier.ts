import type { Type } from '@nestjs/common';
import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { ClientThriftSocket, ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { INBOX_FEATURES } from '#lib/carriers/inbox/inbox-options.js';
import type { TestCarrier } from './carrier.js';
import { pushedCarrier } from './pushed-carrier.js';

export const SOCKET: TestCarrier = {
  name: 'sockets',
  features: INBOX_FEATURES,
  Client: ClientThriftSocket as Type<BaseThriftClient>,
  start: pushedCarrier({
    server: (options) => new ServerThriftSocket({ ...options, host: '127.0.0.1', port: 0 }),
    portOf: ({ address }) => address?.port,
    clientOptions: (port) => ({ host: '127.0.0.1', port }),
  }),
};
