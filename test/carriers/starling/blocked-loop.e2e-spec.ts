import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from '@jest/globals';
import { openStarlingQueue } from '#lib/carriers/starling/open-starling-queue.js';
import { endAll, endLater, receive } from './harness.js';

afterEach(endAll);

it('an answer that came while the event loop was blocked counts as in time', async () => {
  // In another process, since this one stands still meanwhile.
  const server = spawn(process.execPath, ['build/test/programs/starling-server.js', 'siberite']);
  endLater(async () => {
    server.stdin.end();
    await once(server, 'exit');
  });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const queue = await openStarlingQueue({ queue: 'q', port: Number(String(line)), timeoutMs: 500 });
  endLater(() => queue.close());
  const receiving = receive(queue, { waitSeconds: 0 });
  // The question leaves in this turn.
  await new Promise((resolve) => setImmediate(resolve));
  const until = performance.now() + 900;
  while (performance.now() < until) {
    // Blocks for longer than the deadline.
  }
  expect(await receiving).toEqual([]);
});
