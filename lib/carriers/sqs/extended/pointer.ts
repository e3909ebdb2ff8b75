/**
 * Implements the format of Amazon's extended client libraries: amazon-sqs-java-extended-client-lib
 * 2.1 (`SQSExtendedClientConstants`), payload-offloading-java-common-lib 2.2 (`PayloadS3Pointer`,
 * written by Jackson as a wrapper array), amazon-sqs-python-extended-client-lib.
 */

/**
 * Either attribute marks a message whose body is in S3. The value is the size of that body. Older
 * libraries write the second attribute.
 */
export const RESERVED_ATTRIBUTES = ['ExtendedPayloadSize', 'SQSLargePayloadSize'] as const;

export type ReservedAttribute = (typeof RESERVED_ATTRIBUTES)[number];

const WRITTEN_CLASS = 'software.amazon.payloadoffloading.PayloadS3Pointer';

/**
 * Accepted endings of the class name. Older libraries write the second name. Deployments that
 * repackage the library add a prefix.
 */
const CLASSES = [WRITTEN_CLASS, 'com.amazon.sqs.javamessaging.MessageS3Pointer'];

/** Amazon S3 user guide, "Naming Amazon S3 objects". */
const MAX_KEY_BYTES = 1024;

/** Locates a body in S3. */
export interface Pointer {
  readonly bucket: string;
  readonly key: string;
}

/** Creates a pointer to a new, unused key. */
export function newPointer(bucket: string, prefix: string): Pointer {
  return { bucket, key: `${prefix}${crypto.randomUUID()}` };
}

/** Builds the body of the SQS message that replaces the stored body. */
export function writePointer({ bucket, key }: Pointer): string {
  return JSON.stringify([WRITTEN_CLASS, { s3BucketName: bucket, s3Key: key }]);
}

/**
 * Reads the pointer in a body; undefined if the body has no pointer. Ignores unknown properties, as
 * the Java library does.
 */
export function readPointer(body: string): Pointer | undefined {
  const properties = readWrapped(body);
  if (properties === undefined) return undefined;
  const { s3BucketName: bucket, s3Key: key } = properties;
  if (typeof bucket !== 'string' || typeof key !== 'string') return undefined;
  return isPossibleKey(key) ? { bucket, key } : undefined;
}

/** Reads the object that follows the class name in a wrapper array. */
function readWrapped(body: string): Record<string, unknown> | undefined {
  const parsed = parseJson(body);
  if (!Array.isArray(parsed) || parsed.length !== 2) return undefined;
  const [name, value] = parsed as [unknown, unknown];
  if (!isPointerClass(name) || typeof value !== 'object' || value === null) return undefined;
  return value as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPointerClass(name: unknown): boolean {
  return typeof name === 'string' && CLASSES.some((end) => name === end || name.endsWith(`.${end}`));
}

function isPossibleKey(key: string): boolean {
  return Buffer.byteLength(key) <= MAX_KEY_BYTES && !/\p{Surrogate}/u.test(key) && isPathInBucket(key);
}

/**
 * True if the path of a key stays below its bucket. Requests send a key as a path after the bucket.
 * Servers that normalize paths would turn some keys into the bucket itself, or into another bucket.
 */
function isPathInBucket(key: string): boolean {
  const parts = key.split('/');
  return !parts.includes('.') && !parts.includes('..') && parts.some((part) => part !== '');
}

/** True if the attributes mark the body as a pointer. */
export function isMarked(attributes: Readonly<Record<string, string>>): boolean {
  return RESERVED_ATTRIBUTES.some((name) => Object.hasOwn(attributes, name));
}
