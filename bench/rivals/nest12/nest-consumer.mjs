/** Handles events with a Nest application on a transport of Nest itself. */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { serveConsumer } from '../../../build/bench/flow/serve-consumer.js';
import { transportOptions } from './nest-transport.mjs';

/** Creates a module whose handler reports events, and acknowledges those of RabbitMQ. */
function moduleOf(transport, handled) {
  class VisitsController {
    visited({ visit }) {
      handled(visit.at);
    }
    visitedWithAcknowledgement({ visit }, context) {
      handled(visit.at);
      context.getChannelRef().ack(context.getMessage());
    }
  }
  const method = transport === 'rmq' ? 'visitedWithAcknowledgement' : 'visited';
  const { prototype } = VisitsController;
  Payload()(prototype, method, 0);
  if (transport === 'rmq') Ctx()(prototype, method, 1);
  EventPattern('visited')(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
  Controller()(VisitsController);

  class VisitsModule {}
  Module({ controllers: [VisitsController] })(VisitsModule);
  return VisitsModule;
}

serveConsumer(async (where, handled) => {
  const options = transportOptions(where, 'server');
  const app = await NestFactory.createMicroservice(moduleOf(where.transport, handled), {
    ...options,
    logger: ['error'],
  });
  await app.listen();
  return where.transport === 'tcp' ? app.unwrap().address().port : undefined;
});
