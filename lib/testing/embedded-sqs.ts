import { embeddedBuckets, type EmbeddedBuckets } from './embedded-buckets.js';
import { embeddedTopics, type EmbeddedTopics } from './embedded-topics.js';
import { loadFauxqs, type FauxqsApp } from './fauxqs.js';

/** Options of {@link startEmbeddedSqs}. */
export interface EmbeddedSqsOptions {
  /** TCP port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Region of its queues. Default `us-east-1`. */
  readonly region?: string;
}

/** A queue of the embedded server. */
export interface EmbeddedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/** An SQS server inside this process, reachable from this machine only. It serves what queues are used with as well: SNS topics, S3 buckets. */
export interface EmbeddedSqs extends EmbeddedTopics, EmbeddedBuckets {
  /** `http://127.0.0.1:<port>`; give it to clients explicitly, since the server's queue URLs name a host that may not resolve. */
  readonly endpoint: string;
  readonly region: string;
  /** The server takes any; these open nothing else. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** For child processes: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and SQS_ENDPOINT. */
  readonly env: Readonly<Record<string, string>>;
  /** Creates a queue, FIFO if its name ends in `.fifo`. Attributes as in CreateQueue, all of them text. Rejects if SQS refuses them. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): Promise<EmbeddedQueue>;
  /** Ends open long polls and closes the server; its messages are gone. Idempotent. */
  stop(): Promise<void>;
}

const CREDENTIALS = Object.freeze({ accessKeyId: 'embedded', secretAccessKey: 'embedded' });

/** Every queue of the server belongs to this account. */
const ACCOUNT = '000000000000';

/**
 * Starts the SQS server of the package fauxqs, an optional peer dependency, in this process. For tests and local development: it is
 * less strict than SQS and forgets everything when it stops. Rejects when fauxqs is not installed or the port is taken.
 */
export async function startEmbeddedSqs(options: EmbeddedSqsOptions = {}): Promise<EmbeddedSqs> {
  const { port = 0, region = 'us-east-1' } = options;
  const fauxqs = await loadFauxqs();
  const app = fauxqs.buildApp({ logger: false, defaultRegion: region });
  // fauxqs's own start function listens on all interfaces.
  const endpoint = await app.listen({ host: '127.0.0.1', port });
  return {
    endpoint,
    region,
    credentials: CREDENTIALS,
    env: Object.freeze({
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      SQS_ENDPOINT: endpoint,
    }),
    createQueue: async (name, attributes = {}) => ({
      name,
      url: await requestQueue(endpoint, name, attributes),
      arn: `arn:aws:sqs:${region}:${ACCOUNT}:${name}`,
    }),
    ...embeddedTopics(endpoint),
    ...embeddedBuckets(endpoint),
    stop: stopOnce(app),
  };
}

/** CreateQueue without the SDK, which only lib/sqs knows: the server checks no signature. */
async function requestQueue(
  endpoint: string,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.CreateQueue' },
    body: JSON.stringify({ QueueName: name, Attributes: attributes }),
  });
  const answer = (await response.json()) as { QueueUrl?: string; message?: string };
  if (response.ok && answer.QueueUrl !== undefined) return answer.QueueUrl;
  throw new Error(`The embedded SQS did not create the queue "${name}": ${answer.message ?? response.status}`);
}

function stopOnce(app: FauxqsApp): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= Promise.resolve(app.close()).then(() => undefined));
}
