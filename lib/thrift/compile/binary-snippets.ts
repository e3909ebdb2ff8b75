import { binaryReadSnippets } from './binary-read-snippets.js';
import { binaryWriteSnippets } from './binary-write-snippets.js';
import type { ProtocolSnippets } from './snippets.js';

/** The binary protocol's part of the emitter. */
export const binarySnippets: ProtocolSnippets = { write: binaryWriteSnippets, read: binaryReadSnippets };
