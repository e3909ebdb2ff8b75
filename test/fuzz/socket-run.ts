import { once } from 'node:events';
import { connect } from 'node:net';
import { Refusal } from '#lib/carriers/socket/refusal.js';
import { openSocketReceiver } from '#lib/carriers/socket/socket-receiver.js';
import { StreamReader } from '#lib/carriers/socket/stream-reader.js';
import { framed, job, PROTOCOLS, run } from '../carriers/socket/thrift-bytes.js';
import { mutated } from './mutate.js';
import { type Random, seeded } from './random.js';

/** Largest frame of the fuzzed readers, so that lengths above it are as likely as lengths below. */
const MAX_FRAME_BYTES = 65_536;

/** A stream, and the bodies that an intact stream holds. */
interface Stream {
  readonly bytes: Buffer;
  /** Undefined for a stream that was changed. */
  readonly bodies: readonly Buffer[] | undefined;
}

export interface SocketFuzzReport {
  /** Messages that were read, of intact and of changed streams. */
  messages: number;
  /** Refused connections by reason. */
  readonly refused: Map<string, number>;
  readonly faults: { readonly fault: string; readonly bytes: string }[];
}

/** Makes a stream of one to four messages. Two in three streams are changed, one in nine is noise. */
function randomStream(random: Random): Stream {
  if (random.oneIn(9)) return { bytes: noise(random), bodies: undefined };
  const protocol = random.pick(PROTOCOLS);
  const isFramed = random.oneIn(2);
  const bodies = Array.from({ length: 1 + random.below(4) }, () =>
    random.oneIn(3) ? run(random.bits() | 0, protocol) : job('t'.repeat(random.below(40)), protocol),
  );
  const bytes = Buffer.concat(bodies.map((body) => (isFramed ? framed(body) : body)));
  if (random.oneIn(3)) return { bytes, bodies };
  return { bytes: mutated(random, bytes, run(1, random.pick(PROTOCOLS))), bodies: undefined };
}

function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.below(64) }, () => random.below(random.oneIn(2) ? 20 : 256)));
}

/** Feeds streams, cut at random places, into readers of connections. */
export function fuzzReaders(runs: number, seed: number): SocketFuzzReport {
  const random = seeded(seed);
  const report: SocketFuzzReport = { messages: 0, refused: new Map(), faults: [] };
  for (let at = 0; at < runs; at++) {
    const stream = randomStream(random);
    try {
      readStream(random, stream, report);
    } catch (error) {
      report.faults.push({ fault: String(error), bytes: stream.bytes.toString('hex') });
    }
  }
  return report;
}

/** @throws Error the reader broke one of its promises */
function readStream(random: Random, { bytes, bodies }: Stream, report: SocketFuzzReport): void {
  const reader = new StreamReader(MAX_FRAME_BYTES);
  const read: Buffer[] = [];
  try {
    for (let from = 0; from < bytes.length;) {
      const to = Math.min(bytes.length, from + 1 + random.below(random.oneIn(2) ? 4 : 200));
      reader.push(Buffer.from(bytes.subarray(from, to)));
      from = to;
      for (let body = reader.next(); body !== undefined; body = reader.next()) read.push(body);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    report.refused.set(error.reason, (report.refused.get(error.reason) ?? 0) + 1);
  }
  report.messages += read.length;
  const held = read.reduce((sum, { length }) => sum + length, 0) + reader.buffered;
  if (held > bytes.length) throw new Error(`holds ${held} bytes of ${bytes.length}`);
  if (bodies && !Buffer.concat(read).equals(Buffer.concat(bodies)))
    throw new Error('an intact stream is read otherwise');
}

/** Sends streams to a server, each over a connection of its own. Checks that the next one is served. */
export async function fuzzServer(connections: number, seed: number): Promise<SocketFuzzReport> {
  const random = seeded(seed);
  const report: SocketFuzzReport = { messages: 0, refused: new Map(), faults: [] };
  const receiver = await openSocketReceiver({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes: MAX_FRAME_BYTES,
    report: ({ kind }) => void report.refused.set(kind, (report.refused.get(kind) ?? 0) + 1),
  });
  const { port } = receiver.address;
  for (let at = 0; at < connections; at++) await send(port, randomStream(random).bytes);
  const last = job('the last connection');
  await send(port, framed(last));
  let found = false;
  for (;;) {
    const received = await receiver.receive({ max: 100, waitSeconds: 0, visibilityTimeoutSeconds: 0 });
    if (received.length === 0) break;
    report.messages += received.length;
    found ||= received.some(({ body }) => last.equals(body as Uint8Array));
    await receiver.acknowledge(received);
  }
  if (!found) report.faults.push({ fault: 'the connection after all others was not served', bytes: '' });
  await receiver.close();
  return report;
}

/** Writes a stream, and waits until the server has closed the connection. */
async function send(port: number, bytes: Buffer): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.resume().end(bytes);
  await once(socket, 'close');
}
