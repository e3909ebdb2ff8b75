import type { I64Mode } from '../../thrift/compile/snippets.js';
import type { ProtocolName } from '../../thrift/protocol.js';
import { SNIPPETS } from '../../thrift/struct-codecs.js';

/** Every protocol that codecs can be generated for. */
export const PROTOCOLS = Object.keys(SNIPPETS) as readonly ProtocolName[];

/** Options of generated modules. */
export interface GenerateOptions {
  /** The protocols whose codecs the modules have with them; others are compiled at run time. Default: binary. */
  readonly protocols?: readonly ProtocolName[];
  /** The type of a decoded i64, in types and codecs. Default `'bigint'`. */
  readonly i64?: I64Mode;
  /** Types alone, for services that are loaded at run time. Default false. */
  readonly declareOnly?: boolean;
  /** Folders in which includes are looked up when they are not beside the including file. Default: none. */
  readonly includeDirs?: readonly string[];
  /** Keep field ids of 0 and below, see `loadSchema`. Default false. */
  readonly allowNegativeFieldIds?: boolean;
}

/** Options with nothing left out. */
export type ResolvedGenerateOptions = Required<GenerateOptions>;

export function resolveGenerateOptions(options: GenerateOptions = {}): ResolvedGenerateOptions {
  return {
    // In the order of the registry, so that the order in which they were named makes no difference.
    protocols: PROTOCOLS.filter((name) => (options.protocols ?? ['binary']).includes(name)),
    i64: options.i64 ?? 'bigint',
    declareOnly: options.declareOnly ?? false,
    includeDirs: options.includeDirs ?? [],
    allowNegativeFieldIds: options.allowNegativeFieldIds ?? false,
  };
}

/** Thrown when no modules can be generated although each IDL is sound. Says what to do. */
export class GenerateError extends Error {
  override readonly name = 'GenerateError';
}
