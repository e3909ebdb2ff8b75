/** What of the embedded server concerns S3 buckets, which it serves at the same endpoint with the bucket in the path. */
export interface EmbeddedBuckets {
  /** Creates an S3 bucket. */
  createBucket(name: string): Promise<void>;
  /** The keys of what is in a bucket, in their order. */
  listObjects(bucket: string): Promise<readonly string[]>;
}

/** CreateBucket and ListObjectsV2 without the SDK, which only lib/sqs knows: the server checks no signature. */
export function embeddedBuckets(endpoint: string): EmbeddedBuckets {
  return {
    async createBucket(name) {
      await request('PUT', `${endpoint}/${name}`, `did not create the bucket "${name}"`);
    },
    async listObjects(bucket) {
      const answer = await request('GET', `${endpoint}/${bucket}?list-type=2`, `has no bucket "${bucket}"`);
      return [...answer.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!);
    },
  };
}

async function request(method: string, url: string, what: string): Promise<string> {
  const response = await fetch(url, { method });
  const answer = await response.text();
  if (response.ok) return answer;
  throw new Error(`The embedded SQS ${what}: ${/<Message>([^<]*)/.exec(answer)?.[1] ?? response.status}`);
}
