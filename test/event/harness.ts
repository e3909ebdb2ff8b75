import { createEventCodec, type EventCodec, type EventCodecOptions } from '#lib/event/event-codec.js';
import { MalformedEventError } from '#lib/event/event-error.js';
import type { OnewayCall } from '#lib/event/contract.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { ThriftService } from '#lib/idl/schema.js';

const IDL = `
  struct Note { 1: required string text, 2: optional list<i32> marks }
  service Alpha {
    oneway void ping(1: i32 n),
    oneway void note(1: Note note),
    oneway void shared(1: i32 n),
    string ask(1: i32 n),
  }
  service Beta {
    oneway void pong(1: i32 n),
    oneway void shared(1: i32 n),
  }
`;

const schema = loadSchemaFromText(IDL, { fileName: 'notes.thrift' });
export const Alpha: ThriftService = findService(schema, 'Alpha');
export const Beta: ThriftService = findService(schema, 'Beta');

export const alpha: EventCodec = createEventCodec([Alpha]);
export const both: EventCodec = createEventCodec([Alpha, Beta], { multiplexed: true });

export function codecOf(options: EventCodecOptions, ...services: ThriftService[]): EventCodec {
  return createEventCodec(services, options);
}

/** The header of a strict binary message, written by hand. */
export function header(name: string, type = 4, seqid = 0): Buffer {
  const text = Buffer.from(name);
  const bytes = Buffer.alloc(12 + text.length);
  bytes.writeUInt32BE((0x80010000 | type) >>> 0, 0);
  bytes.writeInt32BE(text.length, 4);
  text.copy(bytes, 8);
  bytes.writeInt32BE(seqid, 8 + text.length);
  return bytes;
}

/** A whole message whose only argument is the i32 of field 1. */
export function message(name: string, n: number, type = 4): Buffer {
  const args = Buffer.from([0x08, 0, 1, 0, 0, 0, 0, 0x00]);
  args.writeInt32BE(n, 3);
  return Buffer.concat([header(name, type), args]);
}

export function base64(...parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('base64');
}

/** Calls without the prototypes and optional members that do not matter here. */
export function plain(calls: readonly OnewayCall[]): object[] {
  return calls.map(({ service, method, args }) => ({ service, method, args: { ...args } }));
}

/** The reason why a body is refused; anything but a MalformedEventError fails the test. */
export function refusal(body: string | Uint8Array, codec: EventCodec = alpha): MalformedEventError {
  try {
    codec.decode(body);
  } catch (error) {
    if (error instanceof MalformedEventError) return error;
    throw error;
  }
  throw new Error('the body was accepted');
}
