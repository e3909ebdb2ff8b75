import { jsonReadSnippets } from './json-read-snippets.js';
import { jsonWriteSnippets } from './json-write-snippets.js';
import type { ProtocolSnippets } from './snippets.js';

/** The JSON protocol's part of the emitter. */
export const jsonSnippets: ProtocolSnippets = { write: jsonWriteSnippets, read: jsonReadSnippets };
