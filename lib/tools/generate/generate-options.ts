import type { I64Mode } from '../../thrift/compile/snippets.js';
import type { ProtocolName } from '../../thrift/protocol.js';
import { SNIPPETS } from '../../thrift/struct-codecs.js';

/** The protocols for which codecs can be generated. */
export const PROTOCOLS = Object.keys(SNIPPETS) as readonly ProtocolName[];

/** Options of generated modules. */
export interface GenerateOptions {
  /**
   * Protocols whose codecs the modules contain. Codecs of other protocols are compiled at run time.
   * Default: binary.
   */
  readonly protocols?: readonly ProtocolName[];
  /** Type of a decoded i64, in types and codecs. Default `'bigint'`. */
  readonly i64?: I64Mode;
  /** True writes only types, for services that are loaded at run time. Default false. */
  readonly declareOnly?: boolean;
  /**
   * Folders that are searched for includes that are not beside the including file. Default: none.
   */
  readonly includeDirs?: readonly string[];
  /** True keeps field ids of 0 and below, see `loadSchema`. Default false. */
  readonly allowNegativeFieldIds?: boolean;
}

/** {@link GenerateOptions} with every default filled in. */
export type ResolvedGenerateOptions = Required<GenerateOptions>;

export function resolveGenerateOptions(options: GenerateOptions = {}): ResolvedGenerateOptions {
  return {
    // The order of the registry, so that the order of the option makes no difference.
    protocols: PROTOCOLS.filter((name) => (options.protocols ?? ['binary']).includes(name)),
    i64: options.i64 ?? 'bigint',
    declareOnly: options.declareOnly ?? false,
    includeDirs: options.includeDirs ?? [],
    allowNegativeFieldIds: options.allowNegativeFieldIds ?? false,
  };
}

/**
 * Reports that no modules can be generated, although each IDL is valid. The text says what to do.
 */
export class GenerateError extends Error {
  override readonly name = 'GenerateError';
}
