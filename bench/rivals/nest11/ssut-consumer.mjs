/** Handles events with @ssut/nestjs-sqs, and measures the time that each took since it was sent. */
import { serveConsumer } from '../../../build/bench/flow/serve-consumer.js';
import { decode } from './handled.mjs';
import { startConsumers } from './ssut-app.mjs';

serveConsumer(({ endpoint, queue, consumers, batch = false }, handled) => {
  const where = { endpoint, queueUrl: `${endpoint}/000000000000/${queue}` };
  return startConsumers(where, { consumers, batch }, (body) => handled(decode(body).args.visit.at));
});
