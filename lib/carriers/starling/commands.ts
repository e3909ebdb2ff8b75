import type { WireBody } from '../../queue/wire-message.js';

/** Asks for the counters of the server. Every server knows this question, and it has no effect. */
export const STATS = Buffer.from('stats\r\n');
/** Asks for the version of the server, which Starling does not know. */
export const VERSION = Buffer.from('version\r\n');

/** Builds the command that stores a body. Flags and expiry are 0: Starling reads an expiry as a time of day. */
export function setCommand(queue: string, body: Exclude<WireBody, string>): Buffer {
  return Buffer.concat([Buffer.from(`set ${queue} 0 0 ${body.length}\r\n`, 'latin1'), body, Buffer.from('\r\n')]);
}

/** Builds the command that takes an item, or ends or opens an item by its options. */
export function getCommand(queue: string, options = ''): Buffer {
  return Buffer.from(`get ${queue}${options}\r\n`, 'latin1');
}
