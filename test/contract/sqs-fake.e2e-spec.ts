import { call } from '../fakes/sqs/call.js';
import { startSqsFake } from '../fakes/sqs/sqs-fake.js';
import { runSqsContract } from './run-sqs-contract.js';

/** The fake keeps the rules of SQS more strictly than emulators do, so it has no deviations. */
runSqsContract('Amazon SQS, as the fake of this project has it', {}, async () => {
  const fake = await startSqsFake();
  return {
    ...fake,
    async createQueue(name, attributes = {}) {
      const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true', ...attributes } : attributes;
      await call(fake, 'CreateQueue', { QueueName: name, Attributes });
      const { body } = await call(fake, 'GetQueueAttributes', { queue: name, AttributeNames: ['QueueArn'] });
      return (body.Attributes as { readonly QueueArn: string }).QueueArn;
    },
  };
});
