/**
 * Sends edits of five albums through one FIFO queue: in order within an album, side by side between
 * albums.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { AlbumsController } from './albums.controller.js';
import { AlbumsService } from './albums.service.js';
import { type AlbumEdit, AlbumEdits } from '../generated/albums.js';

const ALBUMS = 5;
const EDITS = 6;

const sqs = await startEmbeddedSqs();
const { region, endpoint, credentials } = sqs;
await sqs.createQueue('album-edits.fifo');

@Module({ providers: [AlbumsService], controllers: [AlbumsController] })
class AlbumsModule {}

const strategy = new ServerSqsThrift({
  service: AlbumEdits,
  waitTimeSeconds: 1,
  region,
  endpoint,
  credentials,
});

const worker = await ThriftFactory.createMicroservice(AlbumsModule, strategy, { logger: ['error'] });
const albums = worker.get(AlbumsService, { strict: false });

// Neither the strategy nor the client names a queue, because the contract does.
const client = new ClientSqsThrift({ service: AlbumEdits, region, endpoint, credentials });
const edits: AlbumEdit[] = Array.from({ length: ALBUMS * EDITS }, (_, i) => {
  const [albumId, number] = [`album-${(i % ALBUMS) + 1}`, Math.floor(i / ALBUMS) + 1];
  return { id: `${albumId}-${number}`, albumId, number, change: `picture ${number} added` };
});

try {
  const album = client.getService(AlbumEdits);
  const ids = await Promise.all(edits.map((edit) => album.apply(edit)));
  // A user clicks twice: SQS stores the same edit only once.
  const again = await album.apply(edits[0]!);
  console.log(`sent ${edits.length + 1} edits of ${ALBUMS} albums; stored ${new Set([...ids, again]).size}`);

  const done = albums.until(edits.length);
  await worker.listen();
  await done;
  const applied = [...albums.applied()].sort(([a], [b]) => a.localeCompare(b));
  for (const [album, numbers] of applied) console.log(`${album}: ${numbers.join(' ')}`);

  const inOrder = applied.every(([, numbers]) => numbers.every((number, i) => number === i + 1));
  console.log(inOrder ? 'each album in order' : 'OUT OF ORDER');
  process.exitCode = inOrder ? 0 : 1;
} finally {
  await client.close();
  await worker.close();
  await sqs.stop();
}
