import { runSqsContract } from '../contract/run-sqs-contract.js';
import { startElasticMq } from './server.js';

/** Where ElasticMQ differs from SQS as documented. */
const deviations = {
  'the group id of a message arrives on a standard queue': 'it refuses a group id on plain queues',
  'a received message that is sent again keeps its group id': 'it refuses a group id on plain queues',
  'acknowledging a message twice succeeds': 'a message that is gone cannot be removed again',
  'discarding a message twice succeeds': 'a message that is gone cannot be removed again',
  'release answers each entry by itself': 'it hides for longer than 12 hours',
  'extend answers each entry by itself': 'it hides for longer than 12 hours',
};

runSqsContract('Amazon SQS, as ElasticMQ has it', deviations, startElasticMq);
