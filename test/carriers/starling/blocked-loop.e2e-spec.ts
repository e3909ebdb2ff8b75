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

/** Answers the first three questions with items at once, the next three with `END` after 3.3 s, and the others with `END`. */
const SLOW_SERVER = `
  let gets = 0;
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\\r\\n').slice(0, -1)) {
        if (line.startsWith('get') && ++gets > 3 && gets < 7) setTimeout(() => socket.write('END\\r\\n'), 3_300);
        else socket.write(line.startsWith('get') && gets < 4 ? 'VALUE q 0 1\\r\\nx\\r\\nEND\\r\\n' : 'END\\r\\n');
      }
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
  process.stdin.on('end', () => process.exit()).resume();
`;

it('an answer that follows one that came while the event loop was blocked has its whole time', async () => {
  const server = spawn(process.execPath, ['-e', SLOW_SERVER]);
  endLater(async () => {
    server.stdin.end();
    await once(server, 'exit');
  });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const options = { queue: 'q', port: Number(String(line)), dialect: 'starling', timeoutMs: 2_000 } as const;
  const queue = await openStarlingQueue(options);
  endLater(() => queue.close().catch(() => undefined));
  expect(await receive(queue)).toHaveLength(2);
  // Four questions in one write, of which one is answered at once.
  const receiving = receive(queue, { waitSeconds: 0 });
  await new Promise((resolve) => setImmediate(resolve));
  const until = performance.now() + 2_300;
  while (performance.now() < until) {
    // Blocks for longer than the deadline.
  }
  expect(await receiving).toHaveLength(1);
  expect(await receive(queue, { waitSeconds: 0 })).toEqual([]);
}, 20_000);
