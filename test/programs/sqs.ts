/**
 * An embedded SQS in a process of its own, so that its work is not counted as that of a test. Creates the queues that are its arguments,
 * each with a dead-letter queue `<name>-dlq`, says the environment by which other programs find it, and ends on SIGTERM.
 */
import { once } from 'node:events';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';

const stopped = once(process, 'SIGTERM');
const sqs = await startEmbeddedSqs();
for (const name of process.argv.slice(2)) {
  // Longer than any lease a test asks for, so that a worker that asks for none is found out.
  const attributes = { VisibilityTimeout: '600' };
  await sqs.createQueue(name, { attributes, deadLetterQueue: true, maxReceiveCount: 20 });
}
process.send?.(sqs.env);
await stopped;
await sqs.stop();
process.disconnect?.();
