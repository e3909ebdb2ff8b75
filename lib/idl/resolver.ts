import { didYouMean } from './error-text.js';
import { Expansion } from './expansion.js';
import type { IdlError, IdlErrorCode } from './errors.js';
import type { DeclaredService, DeclaredType, Program, Scope } from './program.js';
import type { ConstValue, StructSchema, ThriftType } from './schema.js';
import { errorAt } from './source.js';

/** A constant that is done. */
export interface ResolvedConst {
  readonly type: ThriftType;
  readonly value: ConstValue;
}

/** What the steps of the resolution share. */
export interface Resolver {
  readonly scopes: ReadonlyMap<Program, Scope>;
  /** Structs, unions, exceptions and enums by id. */
  readonly declared: ReadonlyMap<string, DeclaredType>;
  /** Typedefs that are done; `resolving` are those under way, to notice cycles. */
  readonly typedefs: Map<DeclaredType, ThriftType>;
  readonly resolving: Set<DeclaredType>;
  /** The field types of structs by struct id, for constants of these structs. */
  readonly fieldTypes: Map<string, ReadonlyMap<string, ThriftType>>;
  /** Structs, unions and exceptions that are done, by id. */
  readonly structs: Map<string, StructSchema>;
  /** Constants by id. */
  readonly constants: Map<string, ResolvedConst>;
  /** The names of the functions that services have themselves. */
  readonly functionNames: Map<DeclaredService, ReadonlySet<string>>;
  /** What names stand for, which has its bounds. */
  readonly expansion: Expansion;
}

/** The definition being resolved. */
export interface Here {
  readonly resolver: Resolver;
  readonly program: Program;
  readonly order: number;
}

/** Starts a resolution. */
export function createResolver(scopes: ReadonlyMap<Program, Scope>): Resolver {
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
  };
}

/** The names usable where we are. */
export function scopeOf(here: Pick<Here, 'resolver' | 'program'>): Scope {
  const scope = here.resolver.scopes.get(here.program);
  if (scope === undefined) throw new RangeError(`no scope for ${here.program.id}`);
  return scope;
}

/** The error at a place of the file we are in. */
export function errorHere(here: Pick<Here, 'program'>, at: number, code: IdlErrorCode, message: string): IdlError {
  return errorAt(here.program.source, at, code, message);
}

/**
 * The error for a name that means nothing: its include is missing, or it is misspelt.
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
 * Apache's compiler reads a file from top to bottom: what constants, defaults, `extends` and `throws` name must stand above them.
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
