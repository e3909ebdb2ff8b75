import { compactReadSnippets } from './compact-read-snippets.js';
import { compactWriteSnippets } from './compact-write-snippets.js';
import type { ProtocolSnippets } from './snippets.js';

/** The compact protocol's part of the emitter. */
export const compactSnippets: ProtocolSnippets = { write: compactWriteSnippets, read: compactReadSnippets };
