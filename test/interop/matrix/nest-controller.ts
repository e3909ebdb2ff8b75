import { Controller, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { ThriftContext } from 'nestjs-sqs-thrift';
import type { WireBody } from 'nestjs-sqs-thrift/port';
import { service } from './contract.js';
import type { Received } from './judge.js';
import { plain } from './plain.js';

/** Makes a controller with a handler for every method, which notes what it was called with. */
export function controllerOf(note: (call: Omit<Received, 'queue'>) => void): Type<object> {
  class MatrixController {}
  const { prototype } = MatrixController;
  for (const [method, { args: parameters }] of service.functions) {
    const value = (args: Record<string, unknown>, context: ThriftContext): void =>
      note({
        body: context.getMessageId(),
        protocol: protocolOf(context.getArgs()[1].message.body),
        method,
        args: parameters.fields.map(({ name, type }) => (args[name] === undefined ? null : plain(type, args[name]))),
      });
    const descriptor = { value, writable: true, configurable: true, enumerable: false };
    Object.defineProperty(prototype, method, descriptor);
    Payload()(prototype, method, 0);
    Ctx()(prototype, method, 1);
    EventPattern<string>(method)(prototype, method, descriptor);
  }
  Controller()(MatrixController);
  return MatrixController;
}

/** Returns the protocol of a body, by its first byte. SQS carries Thrift bytes as base64. */
function protocolOf(body: WireBody): string {
  const isText = typeof body === 'string' && !body.startsWith('[');
  const first = isText ? Buffer.from(body.slice(0, 4), 'base64')[0] : Buffer.from(body.slice(0, 1))[0];
  if (first === 0x5b) return 'json';
  return first === 0x82 ? 'compact' : 'binary';
}
