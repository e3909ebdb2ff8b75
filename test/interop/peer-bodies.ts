import { createEventCodec, type OnewayCall, type ProtocolName } from '#lib/codec.js';
import { BackupQueue } from './nest-peer.js';

export type Call = Pick<OnewayCall, 'method' | 'args'>;

export const startBackup = (id: string, userId = 'alice'): Call => {
  return { method: 'startBackup', args: { request: { id, userId, requestedAt: 1n } } };
};

/** Calls as a producer packs them. */
export function bytesOf(protocol: ProtocolName, ...calls: readonly Call[]): Buffer {
  const codec = createEventCodec([BackupQueue], { protocol });
  return Buffer.concat(calls.map((call) => codec.encode(call)));
}

export const binary = (...calls: readonly Call[]): string => bytesOf('binary', ...calls).toString('base64');

/** A body in which the bytes of one text are those of another; where a length stands before it, that is as long. */
export const altered = (body: Buffer, from: string, to: string): string =>
  Buffer.from(body.toString('latin1').replace(from, to), 'latin1').toString('base64');
