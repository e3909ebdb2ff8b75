/**
 * Fuzzes the reader of connections, and a socket server.
 *
 *     npm run fuzz:socket -- [--streams 1000000] [--connections 10000] [--seed 1]
 *
 * Ends with code 1 when anything was found that must not be.
 */
import { parseArgs } from 'node:util';
import { fuzzReaders, fuzzServer, type SocketFuzzReport } from './socket-run.js';

/** Growth of the heap in bytes that is no leak. */
const MOST_GROWTH = 20_000_000;

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '100000' },
    connections: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() >>> 0) },
  },
});
const seed = Number(values.seed) >>> 0;
console.log(`seed ${seed}`);
const before = usedBytes();
await show(`${values.streams} streams`, () => fuzzReaders(Number(values.streams), seed));
await show(`${values.connections} connections`, () => fuzzServer(Number(values.connections), seed));
const growth = usedBytes() - before;
console.log(`heap and buffers grew by ${(growth / 1e6).toFixed(1)} MB`);
if (growth > MOST_GROWTH) process.exitCode = 1;

async function show(what: string, fuzz: () => SocketFuzzReport | Promise<SocketFuzzReport>): Promise<void> {
  const started = performance.now();
  const { messages, refused, faults } = await fuzz();
  const reasons = [...refused].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${what} in ${seconds} s: ${messages} messages; ${reasons.join(', ')}`);
  for (const { fault, bytes } of faults) console.log(`  FAULT ${fault}\n    ${bytes}`);
  if (faults.length > 0) process.exitCode = 1;
}

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
