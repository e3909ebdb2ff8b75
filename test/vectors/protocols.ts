import type { ProtocolName } from '#lib/thrift/protocol.js';

/** The protocols that vectors, differential and fuzzing run over. */
export const PROTOCOLS: readonly ProtocolName[] = ['binary', 'compact', 'json'];
