import { types } from 'node:util';
import { describeOption } from '../common/option-names.js';
import { printable } from '../common/printable.js';
import type { FunctionSchema, ThriftService } from '../idl/schema.js';
import { ContractError } from './event-error.js';
import { type Route, routeOf } from './routing.js';
import { isSameService } from './same-service.js';

/**
 * Describes a oneway call as data, as the codec decodes it and a handler receives it.
 *
 * @publicApi
 */
export interface OnewayCall {
  /** Names the IDL service that declares the method. Always set on decoded calls. */
  readonly service?: string | undefined;
  readonly method: string;
  /** Maps parameter names to arguments. */
  readonly args: Readonly<Record<string, unknown>>;
}

export interface ContractMethod {
  readonly service: ThriftService;
  readonly fn: FunctionSchema;
  /** Routes the calls of the method. Empty for a method that is not oneway. */
  readonly route: Route;
}

/**
 * Separates service and method in a multiplexed message name, as Thrift's TMultiplexedProtocol
 * does.
 */
export const SEPARATOR = ':';

/** Looks up the services of one client or server by name. */
export class Contract {
  private readonly byService: ReadonlyMap<string, ThriftService>;
  /** Caches the functions by name, because every call needs a look-up. */
  private readonly byMethod = new Map<string, readonly ContractMethod[]>();

  /** @throws ContractError two services have the same name */
  constructor(readonly services: readonly ThriftService[]) {
    this.byService = new Map(services.map((service) => [service.name, service]));
    if (this.byService.size !== services.length) {
      throw new ContractError('unknown-service', 'two services have the same name; give each service once');
    }
    for (const service of services) {
      for (const [name, fn] of service.functions) {
        const route = fn.oneway ? routeOf(service, fn) : {};
        this.byMethod.set(name, [...(this.byMethod.get(name) ?? []), { service, fn, route }]);
      }
    }
  }

  /**
   * Returns all functions named `method`, or only those of `service` if given. Empty without a
   * match.
   */
  find(method: string, service?: string): readonly ContractMethod[] {
    const found = this.byMethod.get(method) ?? [];
    return service === undefined ? found : found.filter((owned) => owned.service.name === service);
  }

  has(service: string): boolean {
    return this.byService.has(service);
  }

  /** True if the contract has a service, or another object for an equal service. */
  includes(service: ThriftService): boolean {
    const own = this.byService.get(service.name);
    return own !== undefined && isSameService(own, service);
  }

  /** Returns every oneway function in the order of declaration. */
  oneway(): readonly ContractMethod[] {
    return this.services.flatMap((service) =>
      [...service.functions.keys()].flatMap((name) => this.find(name, service.name)).filter(({ fn }) => fn.oneway),
    );
  }

  /**
   * Returns the queues of the oneway functions, at least one entry. `undefined` stands for
   * functions whose queue the contract leaves open.
   */
  queues(): ReadonlySet<string | undefined> {
    const names = this.oneway().map(({ route }) => route.queue);
    return new Set(names.length > 0 ? names : [undefined]);
  }

  /**
   * Finds the only oneway function of a call by `method`, by `Service:method`, or by method and
   * service apart.
   *
   * @throws ContractError no oneway function fits, or several do; the text says what exists instead
   */
  resolve(method: string, service?: string): ContractMethod {
    const at = service === undefined ? method.indexOf(SEPARATOR) : -1;
    if (at > 0) return this.resolve(method.slice(at + 1), method.slice(0, at));
    if (service !== undefined && !this.has(service)) {
      const names = this.services.map((s) => s.name).join(', ');
      throw new ContractError('unknown-service', `unknown service ${printable(service)}; known here: ${names}`);
    }
    const [found, second] = this.find(method, service);
    if (!found) throw new ContractError('unknown-method', this.unknownMethod(method, service));
    if (second) {
      const names = `${found.service.name} and ${second.service.name}`;
      throw new ContractError(
        'ambiguous-method',
        `${printable(method)} is declared by ${names}; name the service as well`,
      );
    }
    if (!found.fn.oneway) {
      throw new ContractError(
        'not-oneway',
        `${found.service.name}.${method} is not oneway: a call over a queue has no reply; declare the method "oneway void" in ${found.service.file}`,
      );
    }
    return found;
  }

  private unknownMethod(method: string, service?: string): string {
    const owner = service ?? this.services.map((s) => s.name).join(', ');
    const names = this.oneway()
      .filter((m) => service === undefined || m.service.name === service)
      .map((m) => m.fn.name);
    const listed = names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
    return `${owner} has no method ${printable(method)}; its oneway methods: ${listed || 'none'}`;
  }
}

/** True for a service, of this realm or another. */
function isService(value: unknown): value is ThriftService {
  return types.isMap((value as Partial<ThriftService> | null | undefined)?.functions);
}

/**
 * Returns the option `service` as a list.
 *
 * @throws TypeError `service` is no service; the text says how to get a service
 */
export function asServices(service: ThriftService | readonly ThriftService[]): readonly ThriftService[] {
  const services = Array.isArray(service) ? (service as readonly ThriftService[]) : [service as ThriftService];
  if (services.length === 0 || !services.every(isService)) {
    throw new TypeError(
      "option service must be one or several services, as loadService('backup.thrift', 'BackupQueue') returns them",
    );
  }
  return services;
}

/** @throws TypeError the first argument of a decorator or a function is no service */
export function checkService(taker: string, service: ThriftService): void {
  if (isService(service)) return;
  throw new TypeError(
    `${taker} takes a service as its first argument: one of a generated module, or of loadService; got ${describeOption(service)}`,
  );
}
