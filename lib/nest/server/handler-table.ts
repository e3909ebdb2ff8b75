import type { MessageHandler } from '@nestjs/microservices';
import type { Contract } from '../../event/contract.js';
import { printable } from '../../common/printable.js';
import { handlerKey, methodName } from '../pattern.js';

interface Registration {
  readonly pattern: unknown;
  readonly handler: MessageHandler;
  readonly isEvent: boolean;
}

/** Describes the handlers of an application, as far as one of its strategies must know of them. */
export interface Siblings<Strategy> {
  readonly others: readonly Strategy[];
  /** Returns the patterns of the handlers that are pinned to a transport. */
  readonly pinned: (transportId: symbol) => readonly unknown[];
}

/** Describes where the handlers of a strategy may belong otherwise. */
export interface HandlerOwners {
  /**
   * Contracts of the other strategies of the application. A handler of their methods is no mismatch.
   */
  readonly others: readonly Contract[];
  /** Patterns of the handlers with the transport id of this strategy, as far as it is known. */
  readonly pinned: readonly unknown[];
}

/** Lists the mismatches between handlers and contract, one sentence each. */
interface HandlerProblems {
  /** Lists handlers of this strategy that it will never call. */
  readonly misplaced: readonly string[];
  /**
   * Lists further handlers that this strategy will never call. These handlers may belong to another
   * transport of the application.
   */
  readonly unknown: readonly string[];
  /** Lists methods without a handler, whose messages would be rejected. */
  readonly unhandled: readonly string[];
}

/**
 * Holds the handlers of a strategy. Several handlers of one method stay side by side. Nest's own
 * chain of handlers ends at the first failure while others still run. In Nest's chain one empty
 * stream also hides the failures of the rest.
 */
export class HandlerTable {
  private readonly registrations: Registration[] = [];
  private readonly handlers = new Map<string, MessageHandler[]>();
  /** Keys by service and method. The contract limits their number. */
  private readonly keys = new Map<string, Map<string, string>>();

  add(pattern: unknown, handler: MessageHandler, isEvent: boolean): void {
    this.registrations.push({ pattern, handler, isEvent });
  }

  /**
   * Returns the key of a method, always the same string. Node would hash a new string at each look-up.
   */
  keyOf(service: string, method: string): string {
    const keys = getOrMake(this.keys, service, () => new Map<string, string>());
    return getOrMake(keys, method, () => handlerKey(service, method));
  }

  /** Counts the handlers of the contract's methods. A handler of two methods counts twice. */
  get size(): number {
    return [...this.handlers.values()].reduce((sum, handlers) => sum + handlers.length, 0);
  }

  /** Returns the handlers of a method; empty without a handler. */
  get(key: string): readonly MessageHandler[] {
    return this.handlers.get(key) ?? [];
  }

  /**
   * Binds the handlers to the methods of the contract. Returns the mismatches on both sides.
   *
   * @param transportId transport id that the application gave the strategy, for the advice
   */
  bind(contract: Contract, owners: HandlerOwners, transportId?: symbol): HandlerProblems {
    this.handlers.clear();
    const found = this.registrations.flatMap((registration) => this.bindOne(registration, contract, owners) ?? []);
    const textsOf = (isOwn: boolean): string[] => found.flatMap((one) => (one.isOwn === isOwn ? [one.text] : []));
    const unhandled = contract
      .oneway()
      .filter(({ service, fn }) => this.get(handlerKey(service.name, fn.name)).length === 0)
      .map(({ service: { name }, fn }) => {
        const advice = `write a method with @ThriftMethod(${name}, '${fn.name}') or @EventPattern('${fn.name}')`;
        return `the oneway method ${name}.${fn.name} has no handler; ${advice}${pinAdvice(transportId)}`;
      });
    return { misplaced: textsOf(true), unknown: textsOf(false), unhandled };
  }

  private bindOne(registration: Registration, contract: Contract, owners: HandlerOwners): Mismatch | undefined {
    const { pattern, handler, isEvent } = registration;
    const name = methodName(pattern);
    const found = name ? contract.find(name.method, name.service) : [];
    const oneway = found.filter(({ fn }) => fn.oneway);
    const isPinned = owners.pinned.some((one) => isSamePattern(one, pattern));
    const mismatch = (why: (shown: string) => string): Mismatch => ({
      text: why(typeof pattern === 'string' ? printable(pattern) : JSON.stringify(pattern)),
      isOwn: isPinned || (name?.service !== undefined && contract.has(name.service)),
    });
    if (oneway.length > 0 && isEvent) {
      for (const { service, fn } of oneway) this.bindTo(handlerKey(service.name, fn.name), handler);
      return undefined;
    }
    if (oneway.length > 0) return mismatch(noReplyText);
    // In an application with other transports, their unpinned handlers arrive here as well.
    const isForeign = !isEvent || (name !== undefined && owners.others.some(concerns(name)));
    if (isForeign && !isPinned) return undefined;
    return mismatch((shown) => (name ? unknownText(shown, contract, found) : namelessText(shown)));
  }

  private bindTo(key: string, handler: MessageHandler): void {
    const handlers = this.handlers.get(key);
    if (handlers) handlers.push(handler);
    else this.handlers.set(key, [handler]);
  }
}

function getOrMake<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** Nest binds no handler with another transport id, so the strategy does not see it. */
function pinAdvice(transportId: symbol | undefined): string {
  return transportId === undefined ? '' : `, without a transport id or with ${String(transportId)}`;
}

/** A handler that the strategy never calls. */
interface Mismatch {
  readonly text: string;
  /** True if the handler can belong to this strategy only. */
  readonly isOwn: boolean;
}

type NamedMethod = NonNullable<ReturnType<typeof methodName>>;

/** Creates a test for contracts that have the method of a pattern, or the service that it names. */
function concerns({ method, service }: NamedMethod): (contract: Contract) => boolean {
  return (contract) =>
    (service !== undefined && contract.has(service)) || contract.find(method, service).some(({ fn }) => fn.oneway);
}

function isSamePattern(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function namelessText(pattern: string): string {
  return `the pattern ${pattern} names no method; use 'method' or { service, method }`;
}

function noReplyText(pattern: string): string {
  return `@MessagePattern(${pattern}): a oneway call has no reply; use @ThriftMethod or @EventPattern`;
}

function unknownText(pattern: string, { services }: Contract, found: readonly unknown[]): string {
  if (found.length > 0) return `the pattern ${pattern}: the method is not oneway, so it cannot come over a queue`;
  return `the pattern ${pattern} names no method of ${services.map(({ name }) => name).join(', ')}`;
}

/**
 * Logs the mismatches as warnings, or refuses them.
 *
 * @param mode with `fail`, a method without a handler and a misplaced handler are errors
 * @throws Error names each mismatch
 */
export function reportProblems(
  { misplaced, unknown, unhandled }: HandlerProblems,
  mode: 'warn' | 'fail' | undefined,
  logger: { warn(text: string): void },
): void {
  const problems = [...misplaced, ...unknown, ...unhandled];
  if (mode === 'fail' && misplaced.length + unhandled.length > 0) {
    throw new Error(`the handlers do not fit the IDL:\n  ${problems.join('\n  ')}`);
  }
  for (const problem of problems) logger.warn(problem);
}
