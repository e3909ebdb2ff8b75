/**
 * The format of Amazon's extended client libraries: amazon-sqs-java-extended-client-lib 2.1
 * (`SQSExtendedClientConstants`), payload-offloading-java-common-lib 2.2 (`PayloadS3Pointer`, written
 * by Jackson as a wrapper array), amazon-sqs-python-extended-client-lib.
 */

/**
 * Either attribute marks a message whose body is in S3. Its value is the size of that body. Older
 * libraries write the second.
 */
export const RESERVED_ATTRIBUTES = ['ExtendedPayloadSize', 'SQSLargePayloadSize'] as const;

export type ReservedAttribute = (typeof RESERVED_ATTRIBUTES)[number];

const WRITTEN_CLASS = 'software.amazon.payloadoffloading.PayloadS3Pointer';

/**
 * Ends of the name of the class. Older libraries write the second. Deployments that repackage their
 * library have a prefix in front.
 */
const CLASSES = [WRITTEN_CLASS, 'com.amazon.sqs.javamessaging.MessageS3Pointer'];

/** Amazon S3 user guide, "Naming Amazon S3 objects". */
const MAX_KEY_BYTES = 1024;

/** The place of a body in S3. */
export interface Pointer {
  readonly bucket: string;
  readonly key: string;
}

/** Makes a pointer to a new, unused key. */
export function newPointer(bucket: string, prefix: string): Pointer {
  return { bucket, key: `${prefix}${crypto.randomUUID()}` };
}

/** Makes the body of the message that goes to SQS instead. */
export function writePointer({ bucket, key }: Pointer): string {
  return JSON.stringify([WRITTEN_CLASS, { s3BucketName: bucket, s3Key: key }]);
}

/**
 * Reads the pointer in a body; undefined when there is none. Properties that are not known are
 * ignored, as Java does.
 */
export function readPointer(body: string): Pointer | undefined {
  const properties = readWrapped(body);
  if (properties === undefined) return undefined;
  const { s3BucketName: bucket, s3Key: key } = properties;
  if (typeof bucket !== 'string' || typeof key !== 'string') return undefined;
  return isPossibleKey(key) ? { bucket, key } : undefined;
}

/** Reads the object that stands behind the name of its class in a wrapper array. */
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
 * A key is sent as a path behind the bucket. Servers that normalize paths would turn some keys into
 * the bucket itself, or into another bucket.
 */
function isPathInBucket(key: string): boolean {
  const parts = key.split('/');
  return !parts.includes('.') && !parts.includes('..') && parts.some((part) => part !== '');
}

/** Tells if attributes say that the body is a pointer. */
export function isMarked(attributes: Readonly<Record<string, string>>): boolean {
  return RESERVED_ATTRIBUTES.some((name) => Object.hasOwn(attributes, name));
}
