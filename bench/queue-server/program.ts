/**
 * Runs an SQS without rules in its own process, as fast as a benchmark needs it. The tests use
 * `test/fakes/sqs`, which has the rules.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { serve } from '../kit/serve.js';
import { Actions } from './actions.js';
import { Counters } from './counters.js';
import { HttpConnection } from './http-connection.js';
import { StoredMessage } from './queue.js';
import type { Preload, PreloadTurns } from './start.js';

const UNKNOWN =
  '{"__type":"com.amazonaws.sqs#InvalidAction","message":"the server of the benchmark has no such action"}';

let delayMs = 0;
let endpoint = '';
const counters = new Counters();
const actions = new Actions(() => endpoint, counters);
const server = createServer((socket) => {
  new HttpConnection(
    socket,
    (action, body, reply) => {
      if (!actions.perform(action, body, reply)) reply(UNKNOWN);
    },
    () => delayMs,
  );
});

serve({
  async start() {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return endpoint;
  },
  /** Resets the counters. From now on each answer takes so many ms longer. */
  reset(options: { readonly delayMs: number }) {
    ({ delayMs } = options);
    counters.reset();
  },
  preload: ({ queue, body, count }: Preload) => actions.queue(queue).preload(new StoredMessage(body), count),
  preloadTurns({ queue, copies, turns }: PreloadTurns) {
    const turn = copies.map(({ body, count }) => ({ message: new StoredMessage(body), count }));
    actions.queue(queue).preloadAll(Array.from({ length: turns }, () => turn).flat());
  },
  counts: () => counters.read(),
  async untilDeleted(count: number) {
    await counters.untilDeleted(count);
    return counters.read();
  },
});
