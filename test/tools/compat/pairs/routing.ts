import type { IdlPair } from '../pair.js';

const RUN = 'oneway void run(1: string user, 2: string id)';

export const ROUTING: readonly IdlPair[] = [
  {
    name: 'another queue',
    old: `service Q { ${RUN} } (sqs.queue = "a")`,
    new: `service Q { ${RUN} } (sqs.queue = "b")`,
    found: ['breaking: queue-changed Q.run'],
  },
  {
    name: 'a queue for one method of several',
    old: `service Q { ${RUN}, oneway void stop() } (sqs.queue = "a")`,
    new: `service Q { ${RUN}, oneway void stop() (sqs.queue = "b") } (sqs.queue = "a")`,
    found: ['breaking: queue-changed Q.stop'],
  },
  {
    name: 'the same queue, annotated on the base service',
    old: `service Q { ${RUN} (sqs.queue = "a") }`,
    new: `include "b.thrift" service Q extends b.B { }`,
    includes: { new: { 'b.thrift': `service B { ${RUN} } (sqs.queue = "a")` } },
    found: [],
  },
  {
    name: 'a queue added',
    old: `service Q { ${RUN} }`,
    new: `service Q { ${RUN} } (sqs.queue = "a")`,
    found: ['warning: queue-changed Q.run'],
  },
  {
    name: 'a queue removed',
    old: `service Q { ${RUN} } (sqs.queue = "a")`,
    new: `service Q { ${RUN} }`,
    found: ['warning: queue-changed Q.run'],
  },
  {
    name: 'another group on a FIFO queue',
    old: `service Q { ${RUN} (sqs.group = "user") } (sqs.queue = "a.fifo")`,
    new: `service Q { ${RUN} (sqs.group = "id") } (sqs.queue = "a.fifo")`,
    found: ['breaking: group-changed Q.run'],
  },
  {
    name: 'another group on a standard queue',
    old: `service Q { ${RUN} (sqs.group = "user") } (sqs.queue = "a")`,
    new: `service Q { ${RUN} (sqs.group = "id") } (sqs.queue = "a")`,
    found: ['ok: group-changed Q.run'],
  },
  {
    name: 'a group on a queue that the IDL does not name',
    old: `service Q { ${RUN} }`,
    new: `service Q { ${RUN} (sqs.group = "id") }`,
    found: ['warning: group-changed Q.run'],
  },
  {
    name: 'the same group under a new name',
    old: 'service Q { oneway void run(1: string user) (sqs.group = "user") } (sqs.queue = "a.fifo")',
    new: 'service Q { oneway void run(1: string owner) (sqs.group = "owner") } (sqs.queue = "a.fifo")',
    found: ['ok: field-renamed Q.run.owner'],
  },
  {
    name: 'another deduplication id',
    old: `service Q { ${RUN} (sqs.dedup = "id") } (sqs.queue = "a.fifo", sqs.group = "user")`,
    new: `service Q { ${RUN} (sqs.dedup = "user") } (sqs.queue = "a.fifo", sqs.group = "user")`,
    found: ['warning: dedup-changed Q.run'],
  },
  {
    name: 'another delay',
    old: `service Q { ${RUN} } (sqs.queue = "a")`,
    new: `service Q { ${RUN} (sqs.delay = "60") } (sqs.queue = "a")`,
    found: ['ok: delay-changed Q.run'],
  },
];
