/** Consumes with @ssut/nestjs-sqs: with its defaults, and with eight batch consumers on one queue. */
import { count, decode, serveConsumer } from './handled.mjs';
import { startConsumers } from './ssut-app.mjs';

function handle(body) {
  decode(body);
  count();
}

serveConsumer({
  defaults: (task) => startConsumers(task, { consumers: 1, batch: false }, handle),
  best: (task) => startConsumers(task, { consumers: 8, batch: true }, handle),
});
