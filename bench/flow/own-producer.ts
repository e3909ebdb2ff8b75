/** Emits events to SQS with the client of the package, in a process of its own. */
import 'reflect-metadata';
import { ClientSqsThrift, type ClientSqsThriftOptions } from 'nestjs-sqs-thrift';
import { lastValueFrom } from 'rxjs';
import { event, EVENT_BYTES, Visits } from '../kit/events.js';
import { access } from '../kit/access.js';
import { serveProducer } from './serve-producer.js';

/** Configures the producer. */
export interface OwnProducerOptions {
  readonly endpoint: string;
  readonly queue: string;
  readonly client?: Pick<ClientSqsThriftOptions, 'pack' | 'dataPath'>;
}

serveProducer<OwnProducerOptions>(async ({ endpoint, queue, client: options }) => {
  const client = new ClientSqsThrift({ ...access, endpoint, queue, service: Visits, ...options });
  await client.connect();
  return (i, at) => lastValueFrom(client.emit('visited', event(i, EVENT_BYTES, at)));
});
