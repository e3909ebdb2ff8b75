/** Consumes with sqs-consumer as its documentation shows, and with eight batch consumers on one queue. */
import { SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { access } from '../../../build/bench/kit/access.js';
import { count, decode, serveConsumer } from './handled.mjs';

async function handleMessage(message) {
  decode(message.Body);
  count();
  return message;
}

async function handleMessageBatch(messages) {
  for (const { Body } of messages) {
    decode(Body);
    count();
  }
  return messages;
}

function start({ endpoint, queueUrl }, options, consumers = 1) {
  const sqs = new SQSClient({ ...access, endpoint });
  for (let i = 0; i < consumers; i += 1) {
    const consumer = Consumer.create({ queueUrl, sqs, ...options });
    consumer.on('error', (error) => {
      throw error;
    });
    consumer.start();
  }
}

serveConsumer({
  defaults: (task) => start(task, { handleMessage }),
  'batch handler': (task) => start(task, { handleMessageBatch, batchSize: 10 }),
  best: (task) => start(task, { handleMessageBatch, batchSize: 10 }, 8),
});
