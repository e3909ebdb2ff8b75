import type { Type } from '@nestjs/common';
import type { BaseThriftClient } from 'nestjs-sqs-thrift';
import { ClientThriftHttp, ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { HTTP_FEATURES } from '#lib/carriers/http/http-features.js';
import type { TestCarrier } from './carrier.js';
import { pushedCarrier } from './pushed-carrier.js';

export const HTTP: TestCarrier = {
  name: 'HTTP',
  features: HTTP_FEATURES,
  answersPoison: true,
  Client: ClientThriftHttp as Type<BaseThriftClient>,
  start: pushedCarrier({
    server: (options) => new ServerThriftHttp({ ...options, host: '127.0.0.1', port: 0, path: '/thrift' }),
    portOf: ({ address }) => address?.port,
    clientOptions: (port) => ({ url: `http://127.0.0.1:${port}/thrift` }),
  }),
};
