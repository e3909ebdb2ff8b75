import { type Example, histogram, own, QUEUE, refused, SQS } from './example-lines.js';
import { REQUEST_EXAMPLES } from './example-requests.js';

class PaymentError extends Error {}

export const HANDLED = {
  type: 'handled',
  queue: 'jobs',
  carrier: 'sqs',
  service: 'Jobs',
  method: 'run',
  messageId: 'm1',
  receiveCount: 1,
  elapsedMs: 250,
} as const;
const SETTLED = {
  type: 'settled',
  queue: 'jobs',
  messageId: 'm1',
  methods: ['run'],
  receiveCount: 1,
  elapsedMs: 3,
} as const;

const callExamples: readonly Example[] = [
  {
    title: 'counts a stored call',
    event: { type: 'stored', queue: 'jobs', method: 'run', messageId: 'm1', buffered: 0 },
    lines: [own('emitted_calls', 'thrift_method="run",result="stored"')],
  },
  {
    title: 'counts a call that was not stored',
    event: { type: 'emit-failed', queue: 'jobs', method: 'run', error: refused },
    lines: [own('emitted_calls', 'thrift_method="run",result="failed",error_type="AccessDenied"')],
  },
  {
    title: 'records the handlers of a call',
    event: { ...HANDLED, outcome: 'succeeded' },
    lines: histogram(
      'messaging_process_duration_seconds',
      `${SQS},messaging_operation_name="process",${QUEUE},thrift_service="Jobs",thrift_method="run"`,
      0.25,
    ),
  },
  {
    title: 'records failed handlers by the class of the error',
    event: { ...HANDLED, carrier: 'memory', outcome: 'failed', error: new PaymentError('card 1234 is empty') },
    lines: histogram(
      'messaging_process_duration_seconds',
      'messaging_system="thrift_memory",messaging_system_name="thrift.memory",messaging_operation_name="process",' +
        `${QUEUE},thrift_service="Jobs",thrift_method="run",error_type="PaymentError"`,
      0.25,
    ),
  },
  {
    title: 'counts a slow call',
    event: { type: 'slow-call', queue: 'jobs', method: 'run', messageId: 'm1', forMs: 60_000 },
    lines: [own('slow_calls', 'thrift_method="run"')],
  },
  {
    title: 'counts a duplicate',
    event: { type: 'duplicate', queue: 'jobs', messageId: 'm1', method: 'run', eventId: 'e1' },
    lines: [own('duplicate_calls', 'thrift_method="run"')],
  },
  {
    title: 'counts a failure of the idempotency store',
    event: { type: 'idempotency-failed', queue: 'jobs', messageId: 'm1', eventId: 'e1', verb: 'renew', error: refused },
    lines: [own('idempotency_failures', 'verb="renew",error_type="AccessDenied"')],
  },
];

const deliveryExamples: readonly Example[] = [
  {
    title: 'records no dwell of a message that was received before',
    event: { type: 'delivered', queue: 'jobs', messageId: 'm1', receiveCount: 2, sentAt: 1 },
    lines: [],
  },
  {
    title: 'counts an acknowledged message',
    event: { ...SETTLED, outcome: 'ack' },
    lines: [own('settled_messages', 'outcome="ack"')],
  },
  {
    title: 'counts a retry by the class of the error',
    event: { ...SETTLED, outcome: 'retry', error: new PaymentError('no') },
    lines: [own('settled_messages', 'outcome="retry"'), own('retried_messages', 'error_type="PaymentError"')],
  },
  {
    title: 'counts a split body and its calls',
    event: { ...SETTLED, outcome: 'split', resent: 3, error: new PaymentError('no') },
    lines: [
      own('settled_messages', 'outcome="split"'),
      own('retried_messages', 'error_type="PaymentError"'),
      own('resent_calls', '', 3),
    ],
  },
  {
    title: 'counts a rejected message by reason and fate',
    event: { ...SETTLED, outcome: 'reject', reason: 'handler-rejected', fate: 'dead-lettered', error: refused },
    lines: [own('settled_messages', 'outcome="reject",reason="handler-rejected",fate="dead-lettered"')],
  },
  ...(['abandon', 'released'] as const).map((outcome) => ({
    title: `counts a delivery that ended as ${outcome}`,
    event: { ...SETTLED, outcome },
    lines: [own('settled_messages', `outcome="${outcome}"`)],
  })),
  {
    title: 'counts a failed settlement',
    event: {
      type: 'settle-failed',
      queue: 'jobs',
      messageId: 'm1',
      error: refused,
      outcome: 'ack',
      verb: 'acknowledge',
    },
    lines: [own('failed_settlements', 'outcome="ack",verb="acknowledge",error_type="AccessDenied"')],
  },
  {
    title: 'counts a failed renewal',
    event: { type: 'renew-failed', queue: 'jobs', messageId: 'm1', error: refused },
    lines: [own('failed_renewals', 'error_type="AccessDenied"')],
  },
  {
    title: 'counts a lost lease',
    event: { type: 'lease-lost', queue: 'jobs', messageId: 'm1' },
    lines: [own('lost_leases')],
  },
];

const workerExamples: readonly Example[] = [
  {
    title: 'counts a failed receive',
    event: { type: 'poll-failed', queue: 'jobs', failures: 1, error: refused },
    lines: [own('failed_receives', 'error_type="AccessDenied"')],
  },
  {
    title: 'counts a request without an answer',
    event: { type: 'send-failed', queue: 'jobs', failures: 1, error: refused },
    lines: [own('failed_sends', 'error_type="AccessDenied"')],
  },
  { title: 'counts a stall', event: { type: 'stalled', queue: 'jobs', forMs: 300_000 }, lines: [own('stalls')] },
  {
    title: 'records a delay of the event loop',
    event: { type: 'loop-delay', queue: 'jobs', delayMs: 12_000 },
    lines: histogram('nestjs_sqs_thrift_event_loop_delay_seconds', QUEUE, 12),
  },
];

/** Events without a metric of their own. */
const silentExamples: readonly Example[] = (
  [
    { type: 'attributes-left-out', queue: 'jobs', method: 'run', names: ['traceparent'] },
    { type: 'size-limit-learned', queue: 'jobs', of: 'body', refusedBytes: 300_000, maxBytes: 262_144 },
    { type: 'send-recovered', queue: 'jobs', failures: 3 },
    { type: 'received', queue: 'jobs', count: 1, slots: 2, openReceives: 1 },
    { type: 'poll-recovered', queue: 'jobs', failures: 3 },
  ] as const
).map((event) => ({ title: `has no metric for ${event.type}`, event, lines: [] }));

/** Events of every type, and the outcomes of each. */
export const EXAMPLES: readonly Example[] = [
  ...callExamples,
  ...REQUEST_EXAMPLES,
  ...deliveryExamples,
  ...workerExamples,
  ...silentExamples,
];
