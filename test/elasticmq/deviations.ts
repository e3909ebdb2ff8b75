/**
 * Rules of SQS that ElasticMQ breaks, beside those of the contract of a queue, each with what it does instead. Their checks stand in
 * `test/chaos/sqs-rules.chaos.ts` and have to fail at ElasticMQ, so that a repair is noticed.
 */
export const ELASTICMQ_DEVIATIONS = {
  'SQS refuses the name of a deleted queue for 60 s': 'it is free at once',
  'a receive ends after the time it waits, though its queue is deleted meanwhile': 'it hangs for 21 s, then 503',
  'a FIFO queue refuses a delete after the lease is over': 'it can',
  'a FIFO queue refuses to renew a lease that is over': 'it can',
  'the same receive attempt returns the same receipt handles': 'it brings new ones, and the old ones are void',
  'a queue accepts a message of 1 MiB': '256 KiB at most',
  'a queue reports its maximum message size': 'it has no such attribute',
  'SQS refuses an empty batch': 'it succeeds',
  'SQS refuses an entry id with a blank': 'it may have any characters',
  'SQS refuses an attribute name that begins with AWS.': 'it may',
  'SQS refuses a second purge within 60 s': 'it succeeds',
  'an error carries its Query API code in a header': 'there is no such header',
} as const;

/** A rule that ElasticMQ breaks. */
export type BrokenRule = keyof typeof ELASTICMQ_DEVIATIONS;
