/** Publishes each upload to one topic. Three workers with their own queues handle every upload. */
import 'reflect-metadata';
import { ClientSqsThrift } from 'nestjs-sqs-thrift';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { type Upload, Uploads } from '../generated/uploads.js';
import { startWorker } from './start-worker.js';

const UPLOADS = 5;

const sqs = await startEmbeddedSqs();
const { region, endpoint, credentials } = sqs;
const access = { region, endpoint, credentials };

// On AWS this setup belongs to the infrastructure.
const topic = await sqs.createTopic('uploads');
const names = ['thumbnails', 'search', 'billing'];
for (const name of names) {
  const { arn } = await sqs.createQueue(name);
  await sqs.subscribe(topic, arn, { raw: name !== 'billing' });
}

const workers = await Promise.all([
  startWorker({ ...access, queue: 'thumbnails' }),
  startWorker({ ...access, queue: 'search' }),
  // The emulator signs nothing. On AWS leave out `verify`.
  startWorker({ ...access, queue: 'billing', envelope: { type: 'sns', topics: [topic], verify: false } }),
]);
const client = new ClientSqsThrift({ ...access, service: Uploads, topic });

try {
  const uploads = client.getService(Uploads, { attributes: { sender: 'web' } });
  const told: Upload[] = Array.from({ length: UPLOADS }, (_, i) => {
    return { id: `upload-${i + 1}`, fileName: `picture-${i + 1}.jpg`, bytes: BigInt(i + 1) * 1_000_000n };
  });
  await Promise.all(told.map((upload) => uploads.uploaded(upload)));
  console.log(`told one topic of ${UPLOADS} uploads`);

  const handled = await Promise.all(workers.map(({ seen }) => seen.until(UPLOADS)));
  for (const [at, lines] of handled.entries()) {
    console.log(`${names[at]}: ${lines.length} uploads`);
    for (const line of lines) console.log(`  ${line}`);
  }
} finally {
  await client.close();
  for (const { app } of workers) await app.close();
  await sqs.stop();
}
