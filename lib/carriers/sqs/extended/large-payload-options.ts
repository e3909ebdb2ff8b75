import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { numberFault } from '../../../common/number-fault.js';
import type { OptionNames } from '../../../common/option-names.js';
import { booleanFault } from '../../../queue/options.js';
import {
  checkNames,
  invalidOption,
  refuseFault,
  resolveAccess,
  type ResolvedAccess,
  type SdkClientConfig,
  type SdkClientLike,
} from '../access-options.js';
import { RESERVED_ATTRIBUTES, type ReservedAttribute } from './pointer.js';

/**
 * Configuration of an S3 client. Pass a ready client for anything else.
 *
 * @publicApi
 */
export interface S3ClientOptions extends SdkClientConfig {
  /** True if the bucket is in the path and not in the host name. */
  readonly forcePathStyle?: boolean | undefined;
  readonly useAccelerateEndpoint?: boolean | undefined;
  readonly followRegionRedirects?: boolean | undefined;
}

/**
 * Options for storing bodies over the queue's limit in Amazon S3. The format is that of Amazon's
 * extended client libraries for Java and Python.
 *
 * @publicApi
 */
export interface LargePayloadOptions {
  /** Bucket that bodies are written to. */
  readonly bucket: string;
  /**
   * Further buckets that bodies may be read from and deleted in, for senders that use other
   * buckets. The sender of a message chooses the pointer. A message that names any other bucket is
   * rejected. Keep nothing but message bodies in these buckets. Default none.
   */
  readonly buckets?: readonly string[] | undefined;
  /**
   * Bytes of body and attributes above which a body goes to S3; 0 for all bodies. Default and
   * maximum: the queue's limit. Amazon's libraries use 262 144.
   */
  readonly threshold?: number | undefined;
  /**
   * Bytes of the largest body that is written or read. A worker may hold up to `concurrency` bodies
   * of this size, and ten more on a FIFO queue. Default 16 MiB, maximum 512 MiB.
   */
  readonly maxBytes?: number | undefined;
  /**
   * Prefix of object keys, before a UUID. Accepts up to 988 letters, digits and `./_-`. Must not
   * begin with `.` or `/`, nor contain `..` or `/./`. Default empty.
   */
  readonly prefix?: string | undefined;
  /**
   * Attribute that marks a message whose body is in S3. Receivers read both names. Default
   * `ExtendedPayloadSize`. Amazon's Java library before 1.1 knows only `SQSLargePayloadSize`.
   */
  readonly reservedAttribute?: ReservedAttribute | undefined;
  /**
   * True if the body of a handled message is deleted from S3 after its SQS message. Default true.
   */
  readonly deletePayloads?: boolean | undefined;
  /** Region of the bucket. Default: the queue's region. */
  readonly region?: string | undefined;
  /**
   * URL that requests to S3 go to, for example `http://127.0.0.1:4566`, with the bucket in the
   * path. Default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or the profile's `endpoint_url`, else AWS
   * itself. The queue's own endpoint is not used, because that endpoint may not serve S3.
   */
  readonly endpoint?: string | undefined;
  /** Credentials for S3. Default: the queue's credentials. */
  readonly credentials?: SdkClientConfig['credentials'] | undefined;
  /**
   * Further configuration for the SDK's client, or a ready client. The library uses a ready client
   * as it is and never destroys the client.
   */
  readonly client?: SdkClientLike | S3ClientOptions | undefined;
}

const NAMES = {
  bucket: true,
  buckets: true,
  threshold: true,
  maxBytes: true,
  prefix: true,
  reservedAttribute: true,
  deletePayloads: true,
  region: true,
  endpoint: true,
  credentials: true,
  client: true,
} satisfies OptionNames<LargePayloadOptions>;

/** {@link LargePayloadOptions} with all defaults applied. */
export interface ResolvedLargePayloads {
  readonly bucket: string;
  readonly buckets: ReadonlySet<string>;
  readonly threshold: number;
  readonly maxBytes: number;
  readonly prefix: string;
  readonly reservedAttribute: ReservedAttribute;
  readonly deletePayloads: boolean;
  readonly access: ResolvedAccess<SdkClientLike, S3ClientOptions>;
}

/** Amazon S3 user guide, "General purpose bucket naming rules". */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Follows Amazon's Java library: a key has at most 1024 bytes, and a UUID takes 36 of them.
 * Excludes `/./`, because keys with `/./` are not read.
 */
const PREFIX = /^(?![./])(?!.*\.\.)(?!.*\/\.\/)[A-Za-z0-9./_-]{0,988}$/;

const MAX_MESSAGE_BYTES = 1_048_576;
const DEFAULT_MAX_BYTES = 16 * MAX_MESSAGE_BYTES;
/** Limit of a Node string, because a body is one string. */
const MOST_BYTES = 512 * MAX_MESSAGE_BYTES;

/** @throws QueueError of kind `invalid` */
export function resolveLargePayloads(queue: string, options: LargePayloadOptions): ResolvedLargePayloads {
  checkNames('', options, NAMES, { queue, within: 'largePayloads' });
  const { bucket, buckets = [], threshold = MAX_MESSAGE_BYTES, maxBytes = DEFAULT_MAX_BYTES } = options;
  const { prefix = '', reservedAttribute = 'ExtendedPayloadSize', deletePayloads = true } = options;
  const check = (holds: boolean, rule: string): void => {
    if (!holds) throw invalidOption(queue, `the option "largePayloads.${rule}`);
  };
  for (const name of [bucket, ...buckets])
    check(typeof name === 'string' && BUCKET.test(name), 'bucket" and "buckets" take names of S3 buckets.');
  refuseFault(queue, numberFault('largePayloads.threshold', threshold, { min: 0, max: MAX_MESSAGE_BYTES }));
  refuseFault(queue, numberFault('largePayloads.maxBytes', maxBytes, { min: 1, max: MOST_BYTES }));
  refuseFault(queue, booleanFault('largePayloads.deletePayloads', deletePayloads));
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
    access: resolveAccess<SdkClientLike, S3ClientOptions>({ queue, service: 'S3', within: 'largePayloads.' }, options),
  });
}

/** Access of the queue, which the S3 client shares unless it is configured otherwise. */
export interface S3SharedAccess {
  /** As configured: `fips-us-east-1` means a region and its FIPS hosts. */
  readonly region: SQSClientConfig['region'] | undefined;
  readonly credentials: SQSClientConfig['credentials'] | undefined;
}
