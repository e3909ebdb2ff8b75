/**
 * Sends calls over the limit of a queue through S3: the client stores the bodies, the worker reads
 * and deletes them.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { ArchiveService, digestOf } from './archive.service.js';
import { type Scan, Scans } from '../generated/scans.js';
import { ScansController } from './scans.controller.js';

const BUCKET = 'large-scans';
const SIZES = { small: 1_000, large: 2_097_152 };

const sqs = await startEmbeddedSqs();
const { region, endpoint, credentials } = sqs;
await sqs.createQueue('scans');
await sqs.createBucket(BUCKET);

// Both sides use the same options. On AWS leave out the endpoints: the SDK finds SQS and S3.
const options = {
  service: Scans,
  region,
  endpoint,
  credentials,
  largePayloads: { bucket: BUCKET, endpoint },
};

@Module({ providers: [ArchiveService], controllers: [ScansController] })
class ScansModule {}

const strategy = new ServerSqsThrift({ ...options, waitTimeSeconds: 1 });
const worker = await ThriftFactory.createMicroservice(ScansModule, strategy, { logger: ['error'] });
const archive = worker.get(ArchiveService, { strict: false });
const client = new ClientSqsThrift(options);

const inBucket = async (): Promise<string> => `objects in the bucket: ${(await sqs.listObjects(BUCKET)).length}`;

try {
  const scans: Scan[] = Object.entries(SIZES).map(([id, bytes]) => ({ id, image: Buffer.alloc(bytes, id) }));
  for (const scan of scans) {
    await client.getService(Scans).archive(scan);
    console.log(`sent the ${scan.id} scan of ${scan.image.length} bytes; ${await inBucket()}`);
  }

  await worker.listen();
  for (const { id, image } of scans) {
    const same = (await archive.digestOf(id)) === digestOf(image);
    console.log(`archived the ${id} scan: ${same ? 'byte for byte' : 'CHANGED ON ITS WAY'}`);
  }
} finally {
  await client.close();
  // The sample ends when handled messages have left SQS, and their bodies have left S3.
  await worker.close();
  console.log(`handled all; ${await inBucket()}`);
  await sqs.stop();
}
