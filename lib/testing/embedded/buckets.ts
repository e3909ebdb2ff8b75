import { request } from './request.js';

/**
 * Manages S3 buckets of the embedded server, at the same endpoint with the bucket in the path.
 *
 * @publicApi
 */
export interface EmbeddedBuckets {
  createBucket(name: string): Promise<void>;
  /** Returns the keys of all objects in a bucket, in key order. */
  listObjects(bucket: string): Promise<readonly string[]>;
}

/**
 * Sends CreateBucket and ListObjectsV2 without the SDK, which only lib/carriers/sqs uses. The
 * server checks no signature.
 */
export function embeddedBuckets(endpoint: string): EmbeddedBuckets {
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
