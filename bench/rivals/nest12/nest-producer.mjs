/** Emits events with a client of Nest itself. */
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { ClientProxyFactory } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { serveProducer } from '../../../build/bench/flow/serve-producer.js';
import { event, EVENT_BYTES } from '../../../build/bench/kit/events.js';
import { transportOptions } from './nest-transport.mjs';

Logger.overrideLogger(['error']);

serveProducer(async (where) => {
  const client = ClientProxyFactory.create(transportOptions(where, 'client'));
  await client.connect();
  return (i, at) => lastValueFrom(client.emit('visited', event(i, EVENT_BYTES, at)), { defaultValue: undefined });
});
