import { type Example, histogram, own, QUEUE, refused, SQS } from './example-lines.js';

const OPERATION = 'messaging_client_operation_duration_seconds';
const REQUEST = { type: 'request', queue: 'jobs', carrier: 'sqs', throttled: false, failures: {} } as const;

function operation(name: string, type: string, value: number, error = ''): string[] {
  const labels = `messaging_operation_name="${name}",messaging_operation_type="${type}"`;
  return histogram(OPERATION, `${SQS},${labels},${QUEUE}${error}`, value);
}

function sent(count: number, error = ''): string {
  return `messaging_client_sent_messages_total{${SQS},messaging_operation_name="send",${QUEUE}${error}} ${count}`;
}

function requests(verb: string, result = 'succeeded', throttled = false): string {
  const labels = `${QUEUE},verb="${verb}",result="${result}",throttled="${throttled}"`;
  return `nestjs_sqs_thrift_requests_total{${labels}} 1`;
}

/** Requests of every verb and result. */
export const REQUEST_EXAMPLES: readonly Example[] = [
  {
    title: 'counts the entries of a send',
    event: { ...REQUEST, verb: 'send', elapsedMs: 20, entries: 10, bytes: 4096 },
    lines: [
      sent(10),
      own('transferred_bytes', 'direction="sent"', 4096),
      requests('send'),
      ...operation('send', 'send', 0.02),
    ],
  },
  {
    title: 'counts the failed entries of a throttled send by code',
    event: {
      ...REQUEST,
      verb: 'send',
      elapsedMs: 20,
      entries: 10,
      bytes: 0,
      throttled: true,
      failures: { Throttled: 3 },
    },
    lines: [
      sent(3, ',error_type="Throttled"'),
      sent(7),
      requests('send', 'partly-failed', true),
      ...operation('send', 'send', 0.02),
    ],
  },
  {
    title: 'counts a send that failed as a whole',
    // As the transport reports it: the failures count all entries.
    event: {
      ...REQUEST,
      verb: 'send',
      elapsedMs: 20,
      entries: 2,
      bytes: 500,
      failures: { AccessDenied: 2 },
      error: refused,
    },
    lines: [
      sent(2, ',error_type="AccessDenied"'),
      requests('send', 'failed'),
      ...operation('send', 'send', 0.02, ',error_type="AccessDenied"'),
    ],
  },
  {
    title: 'counts a failed receive as a request alone',
    event: {
      ...REQUEST,
      verb: 'receive',
      elapsedMs: 20,
      entries: 0,
      bytes: 0,
      failures: { AccessDenied: 1 },
      error: refused,
    },
    lines: [requests('receive', 'failed'), ...operation('receive', 'receive', 0.02, ',error_type="AccessDenied"')],
  },
  {
    title: 'counts the entries of a failed send whose failures are not counted',
    event: { ...REQUEST, verb: 'send', elapsedMs: 20, entries: 2, bytes: 0, error: refused },
    lines: [
      sent(2, ',error_type="AccessDenied"'),
      requests('send', 'failed'),
      ...operation('send', 'send', 0.02, ',error_type="AccessDenied"'),
    ],
  },
  {
    title: 'counts the messages of a receive',
    event: { ...REQUEST, verb: 'receive', elapsedMs: 500, entries: 4, bytes: 100 },
    lines: [
      `messaging_client_consumed_messages_total{${SQS},messaging_operation_name="receive",${QUEUE}} 4`,
      own('transferred_bytes', 'direction="received"', 100),
      requests('receive'),
      ...operation('receive', 'receive', 0.5),
    ],
  },
  {
    title: 'counts an empty receive as a request alone',
    event: { ...REQUEST, verb: 'receive', elapsedMs: 20_000, entries: 0, bytes: 0 },
    lines: [requests('receive'), ...operation('receive', 'receive', 20)],
  },
  ...(['acknowledge', 'discard', 'release'] as const).map((verb) => ({
    title: `records a request to ${verb}`,
    event: { ...REQUEST, verb, elapsedMs: 10, entries: 10, bytes: 0 },
    lines: [requests(verb), ...operation(verb === 'acknowledge' ? 'ack' : verb, 'settle', 0.01)],
  })),
  {
    title: 'gives a request whose entries all failed the type of their error',
    event: { ...REQUEST, verb: 'extend', elapsedMs: 10, entries: 1, bytes: 0, failures: { Gone: 1 } },
    lines: [
      own('lease_renewals'),
      requests('extend', 'failed'),
      ...operation('extend', 'settle', 0.01, ',error_type="Gone"'),
    ],
  },
];
