import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../lib/port.js';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../lib/testing.js';
import { build, Peer, type Running } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';

describeReady('The web server in Java', build('java'), () => {
  let sqs: EmbeddedSqs;
  let web: Running;
  let url: string;

  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
  });

  afterAll(() => sqs.stop());

  beforeEach(async () => {
    await sqs.createQueue('backup');
    const peer = new Peer('java', { ...sqs.env, AWS_ENDPOINT_URL: sqs.endpoint });
    ({ running: web, url } = await peer.startWebServer('backup'));
  });

  afterEach(async () => {
    await web.stop();
  });

  const post = (path: string): Promise<Response> => fetch(`${url}${path}`, { method: 'POST' });

  async function queued(): Promise<number> {
    const { endpoint, region, credentials } = sqs;
    const queue = await openSqsQueue({ queue: 'backup', endpoint, region, credentials });
    const received = await queue.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    await queue.close();
    return received.length;
  }

  it('answers an error to a request that is no backup and stores no call', async () => {
    const read = await fetch(`${url}/backups/alice`);
    expect([read.status, read.headers.get('allow'), await read.text()]).toEqual([405, 'POST', 'only POST']);
    const nobody = await post('/backups/');
    expect([nobody.status, await nobody.text()]).toEqual([400, 'of whom?']);
    expect((await post('/backups/%20')).status).toBe(400);
    expect(await queued()).toBe(0);
  }, 60_000);

  it('answers 503 while SQS is unreachable and 202 when SQS is back', async () => {
    await sqs.stop();
    const failed = await post('/backups/alice');
    expect([failed.status, await failed.text()]).toEqual([503, 'try again']);
    sqs = await startEmbeddedSqs({ port: Number(new URL(sqs.endpoint).port) });
    await sqs.createQueue('backup');
    expect((await post('/backups/alice')).status).toBe(202);
    expect(await queued()).toBe(1);
    expect((await web.stop()).complaints).toMatch(/not asked for[\s\S]*cannot send to the queue backup/);
  }, 60_000);
});
