/**
 * Lists the used parts of a fauxqs server, a Fastify application. Declared here so that these
 * typings need no fauxqs.
 */
interface FauxqsApp {
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  close(): PromiseLike<unknown>;
}

/** Lists the used parts of the package fauxqs, equal in versions 1.9 and 2. */
export interface Fauxqs {
  buildApp(options: { readonly logger: boolean; readonly defaultRegion: string }): FauxqsApp;
}

/** Loads fauxqs. Rejects with the install command if the package is missing. */
export async function loadFauxqs(load: () => Promise<unknown> = () => import('fauxqs')): Promise<Fauxqs> {
  try {
    return (await load()) as Fauxqs;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error('The embedded SQS needs the package fauxqs. Install it: npm install --save-dev fauxqs', { cause });
  }
}

/** Manages S3 buckets of the embedded server, at the same endpoint with the bucket in the path. */
export interface EmbeddedBuckets {
  createBucket(name: string): Promise<void>;
  /** Returns the keys of all objects in a bucket, in key order. */
  listObjects(bucket: string): Promise<readonly string[]>;
}

/**
 * Sends CreateBucket and ListObjectsV2 without the SDK, which only lib/carriers/sqs uses. The
 * server checks no signature.
 */
function embeddedBuckets(endpoint: string): EmbeddedBuckets {
  return {
    async createBucket(name) {
      await request(`${endpoint}/${name}`, `did not create the bucket "${name}"`, { method: 'PUT' });
    },
    async listObjects(bucket) {
      const answer = await request(`${endpoint}/${bucket}?list-type=2`, `has no bucket "${bucket}"`, { method: 'GET' });
      return [...answer.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!);
    },
  };
}

/** Sends a request without the SDK. `what` names the failure in the error. */
async function request(url: string, what: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  const answer = await response.text();
  if (response.ok) return answer;
  throw new Error(`The embedded SQS ${what}: ${/<Message>([^<]*)/.exec(answer)?.[1] ?? response.status}`);
}

/** Manages SNS topics of the embedded server, at the same endpoint. */
export interface EmbeddedTopics {
  /**
   * Creates an SNS topic, FIFO if its name ends in `.fifo`. Attributes as in CreateTopic, all of
   * them text. Resolves with the topic's ARN.
   */
  createTopic(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Subscribes a queue to a topic, both given by ARN. Messages arrive in an envelope whose
   * signature cannot be verified, or unchanged with `raw`.
   */
  subscribe(topicArn: string, queueArn: string, options?: { readonly raw?: boolean }): Promise<void>;
}

/**
 * Sends CreateTopic and Subscribe without the SDK, which only lib/carriers/sqs uses. The server
 * checks no signature.
 */
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

/** Encodes a map as in the Query protocol of AWS. */
function asEntries(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(attributes).flatMap(([name, value], at) => [
    [`Attributes.entry.${at + 1}.key`, name],
    [`Attributes.entry.${at + 1}.value`, value],
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function requestSns(endpoint: string, what: string, parameters: Record<string, string>): Promise<string> {
  return request(endpoint, what, { method: 'POST', body: new URLSearchParams(parameters) });
}

/** Options of {@link startEmbeddedSqs}. */
export interface EmbeddedSqsOptions {
  /** TCP port on 127.0.0.1. Default: a free port. */
  readonly port?: number;
  /** Region of the queues. Default `us-east-1`. */
  readonly region?: string;
}

export interface EmbeddedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/**
 * Runs an SQS server inside this process, reachable only from this machine. Also serves SNS topics
 * and S3 buckets for use with the queues.
 */
export interface EmbeddedSqs extends EmbeddedTopics, EmbeddedBuckets {
  /**
   * `http://127.0.0.1:<port>`. Pass this endpoint to clients explicitly: the server's queue URLs
   * name a host that may not resolve.
   */
  readonly endpoint: string;
  readonly region: string;
  /** The server accepts any credentials. These credentials give access to nothing else. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /**
   * Variables for child processes: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
   * SQS_ENDPOINT.
   */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Creates a queue, FIFO if its name ends in `.fifo`. Attributes as in CreateQueue, all of them
   * text. Rejects if SQS refuses the attributes.
   */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): Promise<EmbeddedQueue>;
  /** Ends open long polls and closes the server. All messages are lost. Idempotent. */
  stop(): Promise<void>;
}

const CREDENTIALS = Object.freeze({ accessKeyId: 'embedded', secretAccessKey: 'embedded' });

/** Account of every queue of the server. */
const ACCOUNT = '000000000000';

/**
 * Starts the SQS server of the package fauxqs, an optional peer dependency, in this process. Use
 * the server for tests and local development. The server is less strict than SQS and loses
 * everything when it stops. Rejects if fauxqs is not installed or the port is in use.
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

/**
 * Sends CreateQueue without the SDK, which only lib/carriers/sqs uses. The server checks no
 * signature.
 */
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
