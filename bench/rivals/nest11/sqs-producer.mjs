/**
 * Sends events with sqs-producer as its documentation shows: arrays, of which it sends ten at a time. At its best
 * an application sends four arrays at the same time.
 */
import { SQSClient } from '@aws-sdk/client-sqs';
import { Producer } from 'sqs-producer';
import { costOf } from '../../../build/bench/kit/cost.js';
import { eventBody } from '../../../build/bench/kit/events.js';
import { access } from '../../../build/bench/kit/access.js';
import { serve } from '../../../build/bench/kit/serve.js';

/** Messages of an array. Its cost grows with the square of the number. */
const ARRAY = 100;

/** Arrays that are sent at the same time. */
const ARRAYS = { defaults: 1, best: 4 };

let producer;
let arrays;

async function send(events, bytes) {
  let next = 0;
  const loop = async () => {
    while (next < events) {
      const from = next;
      next += ARRAY;
      const count = Math.min(ARRAY, events - from);
      const messages = Array.from({ length: count }, (_, i) => ({ id: String(i), body: eventBody(from + i, bytes) }));
      await producer.send(messages);
    }
  };
  await Promise.all(Array.from({ length: arrays }, loop));
}

serve({
  start({ endpoint, queueUrl, way }) {
    arrays = ARRAYS[way];
    producer = Producer.create({ queueUrl, sqs: new SQSClient({ ...access, endpoint }) });
  },
  run: ({ events, bytes }) => costOf(() => send(events, bytes)),
});
