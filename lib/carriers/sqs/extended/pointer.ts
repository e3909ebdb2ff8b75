/**
 * The format of Amazon's extended client libraries: amazon-sqs-java-extended-client-lib 2.1 (`SQSExtendedClientConstants`),
 * payload-offloading-java-common-lib 2.2 (`PayloadS3Pointer`, written by Jackson as a wrapper array), amazon-sqs-python-extended-client-lib.
 */

/** Either attribute marks a message whose body is in S3; its value is the size of that body. The second is of older libraries. */
export const RESERVED_ATTRIBUTES = ['ExtendedPayloadSize', 'SQSLargePayloadSize'] as const;

export type ReservedAttribute = (typeof RESERVED_ATTRIBUTES)[number];

const WRITTEN_CLASS = 'software.amazon.payloadoffloading.PayloadS3Pointer';

/** Ends of the names of the class: older libraries have the second, and deployments that repackage theirs put something in front. */
const CLASSES = [WRITTEN_CLASS, 'com.amazon.sqs.javamessaging.MessageS3Pointer'];

/** Amazon S3 user guide, "Naming Amazon S3 objects". */
const MAX_KEY_BYTES = 1024;

/** Where a body is. */
export interface Pointer {
  readonly bucket: string;
  readonly key: string;
}

/** A place that nobody uses. */
export function newPointer(bucket: string, prefix: string): Pointer {
  return { bucket, key: `${prefix}${crypto.randomUUID()}` };
}

/** The body of the message that goes to SQS instead. */
export function writePointer({ bucket, key }: Pointer): string {
  return JSON.stringify([WRITTEN_CLASS, { s3BucketName: bucket, s3Key: key }]);
}

/** The pointer in a body; undefined when it is none. Properties that are not known are passed over, as Java does. */
export function readPointer(body: string): Pointer | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed.length !== 2) return undefined;
  const [name, value] = parsed as [unknown, unknown];
  const known = typeof name === 'string' && CLASSES.some((end) => name === end || name.endsWith(`.${end}`));
  if (!known || typeof value !== 'object' || value === null) return undefined;
  const { s3BucketName: bucket, s3Key: key } = value as Record<string, unknown>;
  if (typeof bucket !== 'string' || typeof key !== 'string') return undefined;
  const possible = Buffer.byteLength(key) <= MAX_KEY_BYTES && !/\p{Surrogate}/u.test(key);
  return possible && isPathInBucket(key) ? { bucket, key } : undefined;
}

/** A key is sent as a path behind the bucket, and servers that tidy paths up would make of some the bucket itself, or another one. */
function isPathInBucket(key: string): boolean {
  const parts = key.split('/');
  return !parts.includes('.') && !parts.includes('..') && parts.some((part) => part !== '');
}

/** Whether attributes say that the body is a pointer. */
export function isMarked(attributes: Readonly<Record<string, string>>): boolean {
  return RESERVED_ATTRIBUTES.some((name) => Object.hasOwn(attributes, name));
}
