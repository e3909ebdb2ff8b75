import { didYouMean } from '../common/nearest-name.js';
import { Expansion } from './expansion.js';
import type { IdlError, IdlErrorCode } from './errors.js';
import type { DeclaredService, DeclaredType, Program, Scope } from './program.js';
import type { ConstValue, StructSchema, ThriftType } from './schema.js';
import { errorAt } from './source.js';

/** Represents a resolved constant. */
export interface ResolvedConst {
  readonly type: ThriftType;
  readonly value: ConstValue;
}

/** Holds the state shared by all steps of the resolution. */
export interface Resolver {
  readonly scopes: ReadonlyMap<Program, Scope>;
  /** Structs, unions, exceptions and enums by id. */
  readonly declared: ReadonlyMap<string, DeclaredType>;
  /** Resolved typedefs. `resolving` holds the typedefs in progress, to detect cycles. */
  readonly typedefs: Map<DeclaredType, ThriftType>;
  readonly resolving: Set<DeclaredType>;
  /** Field types by struct id, for constants of these structs. */
  readonly fieldTypes: Map<string, ReadonlyMap<string, ThriftType>>;
  /** Resolved structs, unions and exceptions by id. */
  readonly structs: Map<string, StructSchema>;
  readonly constants: Map<string, ResolvedConst>;
  /** The names of the functions that each service declares itself. */
  readonly functionNames: Map<DeclaredService, ReadonlySet<string>>;
  /** Limits the expanded size of typedefs, constants and defaults. */
  readonly expansion: Expansion;
  /** True if every i64 must fit in a number exactly. */
  readonly forNumbers: boolean;
}

/** Identifies the definition being resolved. */
export interface Here {
  readonly resolver: Resolver;
  readonly program: Program;
  readonly order: number;
}

/** Creates the state for resolving all programs. */
export function createResolver(scopes: ReadonlyMap<Program, Scope>, forNumbers: boolean): Resolver {
  const declared = new Map<string, DeclaredType>();
  for (const [program, scope] of scopes) {
    for (const type of scope.types.values()) if (type.program === program) declared.set(type.id, type);
  }
  const structs = new Map<string, StructSchema>();
  return {
    scopes,
    declared,
    typedefs: new Map(),
    resolving: new Set(),
    fieldTypes: new Map(),
    structs,
    constants: new Map(),
    functionNames: new Map(),
    expansion: new Expansion(structs),
    forNumbers,
  };
}

/** Returns the names visible in the current program. */
export function scopeOf(here: Pick<Here, 'resolver' | 'program'>): Scope {
  const scope = here.resolver.scopes.get(here.program);
  if (scope === undefined) throw new RangeError(`no scope for ${here.program.id}`);
  return scope;
}

/** Creates an error at an offset of the current file. */
export function errorHere(here: Pick<Here, 'program'>, at: number, code: IdlErrorCode, message: string): IdlError {
  return errorAt(here.program.source, at, code, message);
}

/**
 * Creates the error for an unknown name: its include is missing, or the name is misspelt.
 *
 * @param what "type", "constant" …
 */
export function unknownName(
  here: Pick<Here, 'program'>,
  at: number,
  code: IdlErrorCode,
  what: string,
  name: string,
  candidates: Iterable<string>,
): IdlError {
  const missing = here.program.missing.find((include) => name.startsWith(`${include.name}.`));
  if (missing !== undefined) {
    const message = `unknown ${what} "${name}": the include "${missing.path}" was not found, tried ${missing.tried.join(', ')}`;
    return errorHere(here, at, 'file-not-found', message);
  }
  return errorHere(here, at, code, `unknown ${what} "${name}"${didYouMean(name, candidates)}`);
}

/**
 * Checks that a name in a constant, default, `extends` or `throws` is declared above its use.
 * Apache's compiler reads a file from top to bottom.
 *
 * @throws IdlError `declared-below`
 */
export function checkDeclaredAbove(
  here: Here,
  target: { readonly program: Program; readonly order: number },
  at: number,
  what: string,
): void {
  if (target.program !== here.program || target.order < here.order) return;
  throw errorHere(here, at, 'declared-below', `${what} must be declared above the place that needs it`);
}
