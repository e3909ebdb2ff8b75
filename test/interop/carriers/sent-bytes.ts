import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { ProgramLanguage } from '../matrix/program.js';

const CALL = 1;
const ONEWAY = 4;

/** The type of message and the sequence ids with which the client of each runtime makes three oneway calls. */
const SENT: Readonly<Record<ProgramLanguage, readonly [type: number, ids: readonly number[]]>> = {
  python: [ONEWAY, [0, 0, 0]],
  java: [ONEWAY, [1, 2, 3]],
  // Go sends a oneway call as a call with a result, for which nobody waits.
  go: [CALL, [1, 2, 3]],
};

/** How often a client calls `testVoid` for the recorder. */
export const RECORDED_CALLS = 3;

/** A server that keeps all bytes that a client sends, and answers nothing. */
export interface Recorder {
  readonly port: number;
  /** Resolves with the sent bytes when the client hangs up. */
  readonly bytes: Promise<Buffer>;
  close(): void;
}

export async function startRecorder(): Promise<Recorder> {
  const chunks: Buffer[] = [];
  const server = createServer();
  const bytes = new Promise<Buffer>((resolve, reject) => {
    server.on('connection', (socket) => {
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('end', () => resolve(Buffer.concat(chunks)));
      socket.on('error', reject);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, bytes, close: () => server.close() };
}

/** Compares what a framed binary client sent with what its runtime is known to send. */
export function judgeBytes(language: ProgramLanguage, bytes: Buffer): readonly string[] {
  const [type, ids] = SENT[language];
  const expected = Buffer.concat(ids.map((id) => frame(type, id))).toString('hex');
  const found = bytes.toString('hex');
  return found === expected ? [] : [`sent ${found}, and was known to send ${expected}`];
}

/** `testVoid` without arguments, with its length in front. */
function frame(type: number, id: number): Buffer {
  const name = 'testVoid';
  const bytes = Buffer.alloc(4 + 4 + 4 + name.length + 4 + 1);
  bytes.writeUInt32BE(bytes.length - 4, 0);
  bytes.writeUInt32BE(0x80010000 + type, 4);
  bytes.writeUInt32BE(name.length, 8);
  bytes.write(name, 12, 'latin1');
  bytes.writeUInt32BE(id, 12 + name.length);
  return bytes;
}
