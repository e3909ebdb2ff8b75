import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openSqsQueue } from '../../lib/port.js';
import { startEmbeddedSqs, type EmbeddedSqs } from '../../lib/testing.js';
import { build, LANGUAGES, Peer, type Language, type Program } from '../../sample/05-other-languages/peer.js';
import { describeReady } from './describe-ready.js';

/** Arguments that are none, by program. */
const WRONG: readonly (readonly [Program, ...string[]])[] = [
  ['producer'],
  ['producer', 'a-queue-but-no-user'],
  ['producer', '--protocol'],
  ['producer', '--protocol', 'morse', 'backup', 'alice'],
  ['producer', '--unheard-of', 'backup', 'alice'],
  ['worker'],
  ['worker', '--wait', 'long', 'backup'],
  ['worker', '--unheard-of', 'backup'],
  ['web-server'],
  ['web-server', '--unheard-of', 'backup'],
];

const has = (language: Language, program: Program): boolean => program !== 'web-server' || language === 'java';

for (const language of LANGUAGES) {
  describeReady(`The arguments of programs in ${language}`, build(language), () => {
    let sqs: EmbeddedSqs;
    let peer: Peer;

    beforeAll(async () => {
      sqs = await startEmbeddedSqs();
      peer = new Peer(language, { ...sqs.env, AWS_ENDPOINT_URL: sqs.endpoint });
    });

    afterAll(() => sqs.stop());

    it.each(WRONG.filter(([program]) => has(language, program)).map((words) => ({ words })))(
      'a program prints its usage and exits with 2 for wrong arguments: $words',
      async ({ words: [program, ...args] }) => {
        const { code, output, complaints } = await peer.run(program, ...args);
        expect(complaints).toMatch(/^usage: /m);
        expect([code, output]).toEqual([2, '']);
      },
      30_000,
    );

    it.each([
      ['with a space', ['--protocol', 'compact']],
      ['with an equals sign', ['--protocol=compact']],
    ])('a program accepts option values %s', async (form, flags) => {
      const { name: queue } = await sqs.createQueue(form.replaceAll(' ', '-'));
      expect(await peer.produce(...flags, queue, 'alice')).toHaveLength(1);
      const { endpoint, region, credentials } = sqs;
      const opened = await openSqsQueue({ queue, endpoint, region, credentials });
      const received = await opened.receive({ max: 10, waitSeconds: 5, visibilityTimeoutSeconds: 30 });
      await opened.close();
      expect(received.map(({ body }) => Buffer.from(String(body), 'base64')[0])).toEqual([0x82]);
    });
  });
}
