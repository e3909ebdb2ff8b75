import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { invalidOption, resolveAccess, type ResolvedAccess } from '../access-options.js';
import { RESERVED_ATTRIBUTES, type ReservedAttribute } from './pointer.js';

/** How bodies that a queue does not take travel by Amazon S3, as Amazon's extended client libraries for Java and Python do it. */
export interface LargePayloadOptions {
  /** The bucket that bodies are written to. */
  readonly bucket: string;
  /**
   * Further buckets that bodies may be read from and deleted in, as other senders use them. The pointer in a message is chosen by its
   * sender: whatever names another bucket is rejected, and nothing but such bodies should be in these. Default none.
   */
  readonly buckets?: readonly string[] | undefined;
  /**
   * Bytes of body and attributes over which a body goes to S3; 0 for all. Default and most: what the queue takes. Amazon's libraries have
   * 262 144.
   */
  readonly threshold?: number | undefined;
  /**
   * Bytes of the largest body that is written or read. A worker may hold as many of them as `concurrency` says, and ten that came late.
   * Default 16 MiB.
   */
  readonly maxBytes?: number | undefined;
  /** What keys begin with, before a UUID: letters, digits and `./_-`, not with `.` or `/` in front, without `..` and `/./`. Default empty. */
  readonly prefix?: string | undefined;
  /**
   * The attribute that marks a message whose body is in S3; both are read. Default `ExtendedPayloadSize`. Java's library before 1.1
   * knows only `SQSLargePayloadSize`.
   */
  readonly reservedAttribute?: ReservedAttribute | undefined;
  /** Whether a handled message's body is deleted from S3 after the message from SQS. Default true. */
  readonly deletePayloads?: boolean | undefined;
  /** The bucket's region. Default: the queue's. */
  readonly region?: string | undefined;
  /**
   * Where requests to S3 go, for example `http://127.0.0.1:4566`, with the bucket in the path. Default: AWS_ENDPOINT_URL_S3 or
   * AWS_ENDPOINT_URL or the profile's `endpoint_url`, else AWS itself. The queue's own endpoint need not be one of S3.
   */
  readonly endpoint?: string | undefined;
  /** Default: those of the queue. */
  readonly credentials?: S3ClientConfig['credentials'] | undefined;
  /** Any further configuration of the SDK's client, or a ready client, which is used as it is and never destroyed. */
  readonly client?: S3Client | S3ClientConfig | undefined;
}

/** {@link LargePayloadOptions} with every default filled in. */
export interface ResolvedLargePayloads {
  readonly bucket: string;
  readonly buckets: ReadonlySet<string>;
  readonly threshold: number;
  readonly maxBytes: number;
  readonly prefix: string;
  readonly reservedAttribute: ReservedAttribute;
  readonly deletePayloads: boolean;
  readonly access: ResolvedAccess<S3Client, S3ClientConfig>;
}

/** Amazon S3 user guide, "General purpose bucket naming rules". */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** The rules of Amazon's Java library: a key is at most 1024 bytes, and a UUID takes 36. And no `/./`, as such keys are not read. */
const PREFIX = /^(?![./])(?!.*\.\.)(?!.*\/\.\/)[A-Za-z0-9./_-]{0,988}$/;

const MAX_MESSAGE_BYTES = 1_048_576;
const DEFAULT_MAX_BYTES = 16 * MAX_MESSAGE_BYTES;
/** A body is one string, and Node's are not longer. */
const MOST_BYTES = 512 * MAX_MESSAGE_BYTES;

/** @throws QueueError of kind `invalid` */
export function resolveLargePayloads(queue: string, options: LargePayloadOptions): ResolvedLargePayloads {
  const { bucket, buckets = [], threshold = MAX_MESSAGE_BYTES, maxBytes = DEFAULT_MAX_BYTES } = options;
  const { prefix = '', reservedAttribute = 'ExtendedPayloadSize', deletePayloads = true } = options;
  const check = (holds: boolean, rule: string): void => {
    if (!holds) throw invalidOption(queue, `the option "largePayloads.${rule}`);
  };
  for (const name of [bucket, ...buckets])
    check(typeof name === 'string' && BUCKET.test(name), 'bucket" and "buckets" take names of S3 buckets.');
  check(isWhole(threshold, 0, MAX_MESSAGE_BYTES), `threshold" must be 0 to ${MAX_MESSAGE_BYTES} bytes.`);
  check(isWhole(maxBytes, 1, MOST_BYTES), `maxBytes" must be 1 to ${MOST_BYTES} bytes.`);
  check(
    PREFIX.test(prefix),
    'prefix" takes up to 988 letters, digits and "./_-", no "." or "/" in front, no ".." and no "/./".',
  );
  check(
    RESERVED_ATTRIBUTES.includes(reservedAttribute),
    `reservedAttribute" is one of ${RESERVED_ATTRIBUTES.join(', ')}.`,
  );
  return Object.freeze({
    bucket,
    buckets: new Set([bucket, ...buckets]),
    threshold,
    maxBytes,
    prefix,
    reservedAttribute,
    deletePayloads,
    access: resolveAccess<S3Client, S3ClientConfig>(queue, options),
  });
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
