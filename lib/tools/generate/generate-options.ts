import type { I64Mode } from '../../thrift/compile/snippets.js';
import type { ProtocolName } from '../../thrift/protocol.js';
import { SNIPPETS } from '../../thrift/struct-codecs.js';

/** The protocols for which codecs can be generated. */
export const PROTOCOLS = Object.keys(SNIPPETS) as readonly ProtocolName[];

export const IMPORT_EXTENSIONS = ['js', 'ts', 'none'] as const;
export const ENUM_FORMS = ['enum', 'const'] as const;

export type ImportExtension = (typeof IMPORT_EXTENSIONS)[number];
export type EnumForm = (typeof ENUM_FORMS)[number];

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
   * Extension in the imports between modules. `js` suits ES modules and CommonJS as Node runs them.
   * `ts` suits programs that run without a compilation, and compilers with
   * `allowImportingTsExtensions`. `none` suits bundlers, and CommonJS under ts-jest. Default `'js'`.
   */
  readonly importExtension?: ImportExtension;
  /**
   * Form of enums. `enum` declares a TypeScript enum. `const` declares an object of the members and a
   * union of their numbers, for compilers with `erasableSyntaxOnly`. Default `'enum'`.
   */
  readonly enums?: EnumForm;
  /**
   * Folders that were given whole. Modules keep the layout of the IDL files below these folders.
   * Default: none.
   */
  readonly roots?: readonly string[];
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
    importExtension: options.importExtension ?? 'js',
    enums: options.enums ?? 'enum',
    roots: options.roots ?? [],
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
