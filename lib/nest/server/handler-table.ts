import type { MessageHandler } from '@nestjs/microservices';
import type { Contract } from '../../event/contract.js';
import { printable } from '../../common/printable.js';
import { handlerKey, methodName } from '../pattern.js';

interface Registration {
  readonly pattern: unknown;
  readonly handler: MessageHandler;
  readonly isEvent: boolean;
}

/** Lists the mismatches between handlers and contract, one sentence each. */
export interface HandlerProblems {
  /**
   * Lists handlers that this strategy will never call. These handlers may belong to another
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

  add(pattern: unknown, handler: MessageHandler, isEvent: boolean): void {
    this.registrations.push({ pattern, handler, isEvent });
  }

  /** Returns the handlers of a method; empty without a handler. */
  get(key: string): readonly MessageHandler[] {
    return this.handlers.get(key) ?? [];
  }

  /**
   * Binds the handlers to the methods of the contract. Returns the mismatches on both sides.
   *
   * @param others contracts of the other strategies of the application. A handler of their methods is
   *   no mismatch
   * @param transportId transport id that the application gave the strategy, for the advice
   */
  bind(contract: Contract, others: readonly Contract[] = [], transportId?: symbol): HandlerProblems {
    this.handlers.clear();
    const unknown = this.registrations.flatMap((registration) => this.bindOne(registration, contract, others) ?? []);
    const unhandled = contract
      .oneway()
      .filter(({ service, fn }) => this.get(handlerKey(service.name, fn.name)).length === 0)
      .map(({ service: { name }, fn }) => {
        const advice = `write a method with @ThriftMethod(${name}, '${fn.name}') or @EventPattern('${fn.name}')`;
        return `the oneway method ${name}.${fn.name} has no handler; ${advice}${pinAdvice(transportId)}`;
      });
    return { unknown, unhandled };
  }

  private bindOne(registration: Registration, contract: Contract, others: readonly Contract[]): string | undefined {
    const { pattern, handler, isEvent } = registration;
    const name = methodName(pattern);
    // In an application with other transports, their unpinned handlers arrive here as well.
    if (!isEvent && !(name && contract.find(name.method, name.service).some(({ fn }) => fn.oneway))) return undefined;
    const shown = typeof pattern === 'string' ? printable(pattern) : JSON.stringify(pattern);
    if (!name) return `the pattern ${shown} names no method; use 'method' or { service, method }`;
    const found = contract.find(name.method, name.service);
    const oneway = found.filter(({ fn }) => fn.oneway);
    if (oneway.length === 0) return others.some(concerns(name)) ? undefined : unknownText(shown, contract, found);
    if (!isEvent) return `@MessagePattern(${shown}): a oneway call has no reply; use @ThriftMethod or @EventPattern`;
    for (const { service, fn } of oneway) this.bindTo(handlerKey(service.name, fn.name), handler);
    return undefined;
  }

  private bindTo(key: string, handler: MessageHandler): void {
    const handlers = this.handlers.get(key);
    if (handlers) handlers.push(handler);
    else this.handlers.set(key, [handler]);
  }
}

/** Nest binds no handler with another transport id, so the strategy does not see it. */
function pinAdvice(transportId: symbol | undefined): string {
  return transportId === undefined ? '' : `, without a transport id or with ${String(transportId)}`;
}

type NamedMethod = NonNullable<ReturnType<typeof methodName>>;

/** Creates a test for contracts that have the method of a pattern, or the service that it names. */
function concerns({ method, service }: NamedMethod): (contract: Contract) => boolean {
  return (contract) =>
    (service !== undefined && contract.has(service)) || contract.find(method, service).some(({ fn }) => fn.oneway);
}

function unknownText(pattern: string, { services }: Contract, found: readonly unknown[]): string {
  if (found.length > 0) return `the pattern ${pattern}: the method is not oneway, so it cannot come over a queue`;
  return `the pattern ${pattern} names no method of ${services.map(({ name }) => name).join(', ')}`;
}
