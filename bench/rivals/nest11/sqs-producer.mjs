/** Sends events with sqs-producer as its documentation shows: arrays, of which it sends ten at a time. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { Producer } from 'sqs-producer';
import { costOf } from '../../../build/bench/kit/cost.js';
import { eventBody } from '../../../build/bench/kit/events.js';
import { access } from '../../../build/bench/kit/access.js';
import { serve } from '../../../build/bench/kit/serve.js';

/** Messages of an array. Its cost grows with the square of the number. */
const ARRAY = 1_000;

let producer;

async function send(events, bytes) {
  for (let from = 0; from < events; from += ARRAY) {
    const count = Math.min(ARRAY, events - from);
    const messages = Array.from({ length: count }, (_, i) => ({ id: String(i), body: eventBody(from + i, bytes) }));
    await producer.send(messages);
  }
}

serve({
  start({ endpoint, queueUrl }) {
    producer = Producer.create({ queueUrl, sqs: new SQSClient({ ...access, endpoint }) });
  },
  run: ({ events, bytes }) => costOf(() => send(events, bytes)),
});
