import { createEventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';

const IDL = `
  struct Job { 1: i32 n, 2: string text, 3: list<map<string, i64>> maps, 4: optional Job next, 5: bool flag, 6: double real }
  service Jobs { oneway void run(1: i32 n), oneway void job(1: Job job), i32 ask(1: i32 n), void wait() }`;

export const Jobs = findService(loadSchemaFromText(IDL), 'Jobs');

export const PROTOCOLS: readonly ProtocolName[] = ['binary', 'compact', 'json'];

const CODECS = Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, createEventCodec([Jobs], { protocol })]));

/** The message of a call of `run`. */
export function run(n: number, protocol: ProtocolName = 'binary'): Buffer {
  return CODECS[protocol]!.encode({ method: 'run', args: { n } });
}

/** The message of a call of `job`, with values of several types. */
export function job(text: string, protocol: ProtocolName = 'binary'): Buffer {
  const maps = [new Map([['a', 1n]]), new Map([['b', -1n]])];
  const next = { text, flag: true, real: 0.5 };
  return CODECS[protocol]!.encode({ method: 'job', args: { job: { n: 1, text, maps, next, flag: false } } });
}

/** A message in a frame, which may hold several. */
export function framed(...messages: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(messages);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** The argument of a message of `run`. Throws if the body is no such message. */
export function numberOf(body: string | Uint8Array): number {
  return CODECS['binary']!.decode(body)[0]!.args.n as number;
}
