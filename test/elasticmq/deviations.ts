/**
 * Rules of SQS that ElasticMQ breaks, beside those of the contract of a queue, each with what it does instead. Their checks stand in
 * `test/chaos/sqs-rules.chaos.ts` and have to fail at ElasticMQ, so that a repair is noticed.
 */
export const ELASTICMQ_DEVIATIONS = {
  'the name of a deleted queue is refused for 60 s': 'it is free at once',
  'a receive ends after the time it waits, though its queue is deleted meanwhile': 'it hangs for 21 s, then 503',
  'a message of a FIFO queue cannot be removed when its lease is over': 'it can',
  'a lease in a FIFO queue cannot be renewed when it is over': 'it can',
  'the same attempt of a receive brings the same receipt handles': 'it brings new ones, and the old ones are void',
  'a message may take 1 MiB': '256 KiB at most',
  'a queue tells the largest message it takes': 'it has no such attribute',
  'an empty batch is refused': 'it succeeds',
  'an entry id has no blank': 'it may have any characters',
  'a name of an attribute does not begin with AWS.': 'it may',
  'a second purge within 60 s is refused': 'it succeeds',
  'an error has its code of the Query API in a header': 'there is no such header',
} as const;

/** A rule that ElasticMQ breaks. */
export type BrokenRule = keyof typeof ELASTICMQ_DEVIATIONS;
