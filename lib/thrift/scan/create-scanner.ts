import type { ProtocolName } from '../protocol.js';
import { BinaryScanner } from './binary-scanner.js';
import { CompactScanner } from './compact-scanner.js';
import { JsonScanner } from './json-scanner.js';
import type { MessageScanner } from './message-scanner.js';

const SCANNERS: Record<ProtocolName, () => MessageScanner> = {
  binary: () => new BinaryScanner(),
  compact: () => new CompactScanner(),
  json: () => new JsonScanner(),
};

/** Creates a scanner for a stream of messages of one protocol. */
export function createScanner(protocol: ProtocolName): MessageScanner {
  return SCANNERS[protocol]();
}
