/** What is used of a fauxqs server: a Fastify application. Written down here so that these typings need no fauxqs. */
interface FauxqsApp {
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  close(): PromiseLike<unknown>;
}

/** What is used of the package fauxqs, the same in its versions 1.9 and 2. */
export interface Fauxqs {
  buildApp(options: { readonly logger: boolean; readonly defaultRegion: string }): FauxqsApp;
}

/** Loads fauxqs where it is installed. Rejects with the command that installs it where it is not. */
export async function loadFauxqs(load: () => Promise<unknown> = () => import('fauxqs')): Promise<Fauxqs> {
  try {
    return (await load()) as Fauxqs;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error('The embedded SQS needs the package fauxqs. Install it: npm install --save-dev fauxqs', { cause });
  }
}

/** What of the embedded server concerns S3 buckets, which it serves at the same endpoint with the bucket in the path. */
export interface EmbeddedBuckets {
  /** Creates an S3 bucket. */
  createBucket(name: string): Promise<void>;
  /** The keys of what is in a bucket, in their order. */
  listObjects(bucket: string): Promise<readonly string[]>;
}

/** CreateBucket and ListObjectsV2 without the SDK, which only lib/sqs knows: the server checks no signature. */
function embeddedBuckets(endpoint: string): EmbeddedBuckets {
  return {
    async createBucket(name) {
      await requestS3('PUT', `${endpoint}/${name}`, `did not create the bucket "${name}"`);
    },
    async listObjects(bucket) {
      const answer = await requestS3('GET', `${endpoint}/${bucket}?list-type=2`, `has no bucket "${bucket}"`);
      return [...answer.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!);
    },
  };
}

async function requestS3(method: string, url: string, what: string): Promise<string> {
  const response = await fetch(url, { method });
  const answer = await response.text();
  if (response.ok) return answer;
  throw new Error(`The embedded SQS ${what}: ${/<Message>([^<]*)/.exec(answer)?.[1] ?? response.status}`);
}

/** What of the embedded server concerns SNS topics, which it serves at the same endpoint. */
export interface EmbeddedTopics {
  /** Creates an SNS topic, FIFO if its name ends in `.fifo`. Attributes as in CreateTopic, all of them text. Resolves with its ARN. */
  createTopic(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Hands a copy of what is published to a topic to a queue, both given by ARN. In an envelope, whose signature is none that could be
   * checked, or with `raw` as it was published.
   */
  subscribe(topicArn: string, queueArn: string, options?: { readonly raw?: boolean }): Promise<void>;
}

/** CreateTopic and Subscribe without the SDK, which only lib/sqs knows: the server checks no signature. */
function embeddedTopics(endpoint: string): EmbeddedTopics {
  return {
    async createTopic(name, attributes = {}) {
      const what = `did not create the topic "${name}"`;
      const answer = await requestSns(endpoint, what, { Action: 'CreateTopic', Name: name, ...asEntries(attributes) });
      return /<TopicArn>([^<]+)<\/TopicArn>/.exec(answer)![1]!;
    },
    async subscribe(topicArn, queueArn, { raw = false } = {}) {
      await requestSns(endpoint, `did not subscribe ${queueArn} to ${topicArn}`, {
        Action: 'Subscribe',
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        ...asEntries({ RawMessageDelivery: String(raw) }),
      });
    },
  };
}

/** A map as the Query protocol of AWS writes it. */
function asEntries(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(attributes).flatMap(([name, value], at) => [
    [`Attributes.entry.${at + 1}.key`, name],
    [`Attributes.entry.${at + 1}.value`, value],
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

async function requestSns(endpoint: string, what: string, parameters: Record<string, string>): Promise<string> {
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(parameters) });
  const answer = await response.text();
  if (response.ok) return answer;
  throw new Error(`The embedded SQS ${what}: ${/<Message>([^<]*)/.exec(answer)?.[1] ?? response.status}`);
}

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
