/**
 * Runs an SQS that stores nothing, in its own process. It accepts SendMessageBatch at once, returns
 * the checksums that clients check, and counts. It reads as little of a request as possible, so
 * that the benchmark measures the sender. It bears load and has no rules: the tests use
 * `test/fakes/sqs`.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Holds the counts of a sink since the last question. */
export interface SinkCounts {
  readonly requests: number;
  /** Bytes of all message bodies. */
  readonly bodyBytes: number;
  /** Billed units of SQS: each 64 KiB of the payload of a request, begun units included. */
  readonly billedUnits: number;
}

const UNIT = 65_536;
const BODY = '"MessageBody":"';
const ID = '"Id":"';

let delayMs = 0;
let counts = { requests: 0, bodyBytes: 0, billedUnits: 0 };

/**
 * Returns the text between a mark and the next quote, from a position on. Base64 and positional ids
 * have no escapes.
 */
function between(text: string, mark: string, from: number): { value: string; end: number } | undefined {
  const at = text.indexOf(mark, from);
  if (at < 0) return undefined;
  const end = text.indexOf('"', at + mark.length);
  return { value: text.slice(at + mark.length, end), end };
}

function store(text: string): unknown {
  const stored: unknown[] = [];
  let bytes = 0;
  for (let at = 0; ;) {
    const id = between(text, ID, at);
    const body = id && between(text, BODY, id.end);
    if (!body) break;
    at = body.end;
    bytes += body.value.length;
    const md5 = createHash('md5').update(body.value).digest('hex');
    stored.push({ Id: id.value, MessageId: `m${stored.length}`, MD5OfMessageBody: md5 });
  }
  counts = {
    requests: counts.requests + 1,
    bodyBytes: counts.bodyBytes + bytes,
    billedUnits: counts.billedUnits + Math.ceil(bytes / UNIT),
  };
  return { Successful: stored };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    const text = Buffer.concat(chunks).toString('latin1');
    let answer: unknown = {};
    if (action === 'SendMessageBatch') answer = store(text);
    else if (action === 'GetQueueUrl') answer = { QueueUrl: `http://127.0.0.1/0/bench` };
    const reply = (): unknown =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    if (delayMs > 0) setTimeout(reply, delayMs);
    else reply();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('message', (asked: { readonly delayMs: number }) => {
  ({ delayMs } = asked);
  process.send!(counts);
  counts = { requests: 0, bodyBytes: 0, billedUnits: 0 };
});
process.on('disconnect', () => process.exit(0));
