import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { numberOption, typeOption } from '../../queue/options.js';
import { type EmbeddedBuckets, embeddedBuckets } from './buckets.js';
import { type FauxqsApp, loadFauxqs } from './load-fauxqs.js';
import { type EmbeddedQueues, embeddedQueues } from './queues.js';
import { refuseWebPages } from './local-requests.js';
import { type EmbeddedMessage, watchSends } from './sent-messages.js';
import { addShortWaits } from './short-waits.js';
import { type EmbeddedTopics, embeddedTopics } from './topics.js';

/**
 * Options of {@link startEmbeddedSqs}.
 *
 * @publicApi
 */
export interface EmbeddedSqsOptions {
  /** TCP port on 127.0.0.1. Default: a free port. */
  readonly port?: number | undefined;
  /** Region of the queues. Default `us-east-1`. */
  readonly region?: string | undefined;
  /**
   * Called for each message that a client has sent to a queue, once for a message that a FIFO queue
   * deduplicates. Messages that come through a topic are not shown. A function that fails causes a
   * warning of the process. Default: nothing.
   */
  readonly onSend?: ((message: EmbeddedMessage) => unknown) | undefined;
}

const NAMES = { port: true, region: true, onSend: true } satisfies OptionNames<EmbeddedSqsOptions>;

/**
 * Runs an SQS server inside this process, reachable only from this machine. Also serves SNS topics
 * and S3 buckets for use with the queues.
 *
 * @publicApi
 */
export interface EmbeddedSqs extends EmbeddedQueues, EmbeddedTopics, EmbeddedBuckets {
  /**
   * `http://127.0.0.1:<port>`. Pass this endpoint to clients of this process, or set {@link env}.
   * The server's queue URLs name a host that may not resolve.
   */
  readonly endpoint: string;
  readonly region: string;
  /**
   * Credentials for `ServerSqsThrift`, `ClientSqsThrift` and every client of the AWS SDK. The server
   * accepts any credentials. These credentials give access to nothing else.
   */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /**
   * Variables with which the AWS SDK finds this server without further options, in a child process
   * or in `process.env`: AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL_SNS, AWS_ENDPOINT_URL_S3,
   * AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
   */
  readonly env: Readonly<Record<EnvironmentName, string>>;
  /** Ends open long polls and closes the server. All messages are lost. Idempotent. */
  stop(): Promise<void>;
}

type EnvironmentName =
  | 'AWS_ENDPOINT_URL_SQS'
  | 'AWS_ENDPOINT_URL_SNS'
  | 'AWS_ENDPOINT_URL_S3'
  | 'AWS_REGION'
  | 'AWS_ACCESS_KEY_ID'
  | 'AWS_SECRET_ACCESS_KEY';

/**
 * Starts the SQS server of the package fauxqs, an optional peer dependency, in this process. Use
 * the server for tests and local development. The server is less strict than SQS and loses
 * everything when it stops.
 *
 * @throws Error fauxqs is not installed, or the port is in use
 * @throws TypeError, RangeError an option is unknown or not acceptable
 * @publicApi
 */
export async function startEmbeddedSqs(options: EmbeddedSqsOptions = {}): Promise<EmbeddedSqs> {
  const { port = 0, region = 'us-east-1', onSend } = checkOptionNames('startEmbeddedSqs', options, NAMES);
  numberOption('port', port, 0, 0, 65_535);
  typeOption('onSend', onSend, 'function');
  const fauxqs = await loadFauxqs();
  const app = fauxqs.buildApp({ logger: false, defaultRegion: region });
  refuseWebPages(app);
  addShortWaits(app);
  if (onSend) watchSends(app, onSend);
  // fauxqs's own start function listens on all interfaces.
  const endpoint = await app.listen({ host: '127.0.0.1', port });
  // Not frozen: the AWS SDK writes into the credentials that it gets.
  const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
  return {
    endpoint,
    region,
    credentials,
    env: Object.freeze({
      AWS_ENDPOINT_URL_SQS: endpoint,
      AWS_ENDPOINT_URL_SNS: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    }),
    ...embeddedQueues(endpoint, region),
    ...embeddedTopics(endpoint),
    ...embeddedBuckets(endpoint),
    stop: stopOnce(app),
  };
}

function stopOnce(app: FauxqsApp): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= Promise.resolve(app.close()).then(() => undefined));
}
