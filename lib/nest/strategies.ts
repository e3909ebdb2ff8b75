import type { FactoryProvider, ModuleMetadata, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ClientProxy } from '@nestjs/microservices';
import { messageOf } from '../diagnostics/error-text.js';
import { pinnedPatterns } from './decorators/handler-metadata.js';
import { BaseThriftServer } from './server/base-thrift-server.js';
import { ThriftWorkers } from './thrift-workers.js';

/** Creates strategies from injected dependencies, such as `ConfigService`. */
interface StrategyFactory {
  /**
   * Lists the tokens that `useFactory` gets, in order. Their providers are global, or exported by
   * the application's module or by `imports`. Of another provider Nest says that it is not available
   * in the ThriftRootModule.
   */
  readonly inject?: FactoryProvider['inject'] | undefined;
  /**
   * Modules that export the injected dependencies, besides the application's own module. A testing
   * module ignores them: it must import them itself.
   */
  readonly imports?: ModuleMetadata['imports'] | undefined;
  /** Returns a strategy, or a list of strategies. */
  readonly useFactory: FactoryProvider<BaseThriftServer | readonly BaseThriftServer[]>['useFactory'];
}

/**
 * A strategy, several strategies, or a factory that returns them.
 *
 * @publicApi
 */
export type StrategySource = BaseThriftServer | readonly BaseThriftServer[] | StrategyFactory;

/**
 * The strategies of one application. They receive nothing before the application has started, and
 * drain concurrently before Nest destroys anything that handlers use.
 */
export class Strategies implements OnApplicationBootstrap, OnModuleDestroy {
  private bootstrapped!: () => void;

  readonly all: readonly BaseThriftServer[];
  private modules: ModulesContainer | undefined;

  /**
   * @param place where the strategies were given, for errors
   * @throws TypeError there is no strategy, two share a transport id, or one is not a strategy
   */
  constructor(given: BaseThriftServer | readonly BaseThriftServer[], place = 'the second argument') {
    const all = listOf(given);
    if (all.length === 0) throw new TypeError('ThriftFactory got an empty list; pass at least one strategy');
    for (const strategy of all) checkStrategy(strategy, Array.isArray(given) ? `an item of ${place}` : place);
    checkTransportIds(all);
    this.all = all;
    const bootstrap = new Promise<void>((resolve) => (this.bootstrapped = resolve));
    for (const strategy of all) {
      const others = all.filter((other) => other !== strategy);
      strategy.joins(bootstrap, { others, pinned: (transportId) => this.pinnedTo(transportId) });
    }
  }

  /** Names the modules of the application: handlers in them may be pinned, and they may hold {@link ThriftWorkers}. */
  withHandlersOf(modules: ModulesContainer): this {
    this.modules = modules;
    for (const { providers } of modules.values()) {
      const workers: unknown = providers.get(ThriftWorkers)?.instance;
      if (workers instanceof ThriftWorkers) workers.hold(this.all);
    }
    return this;
  }

  private pinnedTo(transportId: symbol): unknown[] {
    return this.modules === undefined ? [] : pinnedPatterns(this.modules, transportId);
  }

  /** Returns the only strategy. @throws TypeError there are several */
  sole(): BaseThriftServer {
    const [sole, ...others] = this.all;
    if (others.length === 0) return sole!;
    throw new TypeError(
      `a microservice has one strategy, and there are ${this.all.length}; ` +
        'use ThriftFactory.create(module, strategies), then await app.startAllMicroservices() and app.init() or app.listen(port)',
    );
  }

  /** Lets the strategies receive. Nest calls the root module last, after all other modules. */
  onApplicationBootstrap(): void {
    this.bootstrapped();
  }

  /** Drains all strategies. Nest destroys the root module first and awaits this hook. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.all.map((strategy) => strategy.close()));
  }
}

/** Returns a Nest provider of the strategies. */
export function strategiesProvider(source: StrategySource): FactoryProvider<Strategies> {
  if (!isFactory(source)) {
    const strategies = new Strategies(source);
    const useFactory = (modules: ModulesContainer): Strategies => strategies.withHandlersOf(modules);
    return { provide: Strategies, inject: [ModulesContainer], useFactory };
  }
  const { inject = [], useFactory } = source;
  return {
    provide: Strategies,
    inject: [ModulesContainer, ...inject],
    useFactory: async (modules: ModulesContainer, ...injected: unknown[]) =>
      new Strategies(await useFactory(...injected), 'the result of useFactory').withHandlersOf(modules),
  };
}

/** Returns the modules that a factory injects from. */
export function importsOf(source: StrategySource): NonNullable<ModuleMetadata['imports']> {
  return isFactory(source) ? (source.imports ?? []) : [];
}

function listOf(source: BaseThriftServer | readonly BaseThriftServer[]): readonly BaseThriftServer[] {
  return Array.isArray(source) ? (source as readonly BaseThriftServer[]) : [source as BaseThriftServer];
}

function isFactory(source: unknown): source is StrategyFactory {
  return typeof (source as Partial<StrategyFactory> | undefined)?.useFactory === 'function';
}

export function isStrategy(value: unknown): value is BaseThriftServer {
  return value instanceof BaseThriftServer;
}

/** Names the mistake, if a value is not a strategy. */
function checkStrategy(value: unknown, place: string): void {
  if (isStrategy(value)) return;
  throw new TypeError(
    `ThriftFactory needs a strategy, such as new ServerSqsThrift({ queue, service }); ${mistakeOf(value, place)}`,
  );
}

function mistakeOf(value: unknown, place: string): string {
  if (value === undefined || value === null) return `${place} is ${String(value)}`;
  if (typeof value === 'function') return `got the class ${value.name}; create an object of it with new`;
  return typeof value === 'object' ? mistakenObject(value) : `got ${typeof value}`;
}

function mistakenObject(value: object): string {
  if ('strategy' in value) return 'got { strategy }; pass the strategy itself';
  if ('queue' in value || 'service' in value) return 'got its options; create the strategy with new';
  if ('module' in value || 'imports' in value) return 'got a module; pass the module first, then the strategy';
  if ('then' in value) return 'got a promise; await it';
  if (value instanceof ClientProxy) return 'got a client; register it with ClientsModule, and pass the strategy';
  const { name } = (value.constructor as { name?: string } | undefined) ?? {};
  return `got an object of the class ${name ?? 'Object'}`;
}

function checkTransportIds(all: readonly BaseThriftServer[]): void {
  if (new Set(all).size < all.length) {
    throw new TypeError('one strategy is listed twice; list it once, or create a strategy for each queue');
  }
  for (const [at, { transportId }] of all.entries()) {
    if (all.findIndex((other) => other.transportId === transportId) === at) continue;
    throw new TypeError(
      `two strategies have the transport id ${String(transportId)}; give each its own symbol as option transportId, ` +
        'and use the same symbol in @EventPattern(method, transportId)',
    );
  }
}

/** Gets providers, as a compiled module of `@nestjs/testing` does. */
interface ProviderSource {
  get(token: unknown, options: { readonly strict: false }): unknown;
}

/**
 * Creates the strategies of a testing module, which cannot get another root module.
 *
 * @throws Error the module has no provider for a token that the factory injects
 */
export async function testStrategies(source: StrategySource, module: ProviderSource): Promise<Strategies> {
  const { useFactory, inject = [] } = strategiesProvider(source);
  return useFactory(...inject.map((dependency) => injected(dependency, module)));
}

type Dependency = NonNullable<FactoryProvider['inject']>[number];

function injected(dependency: Dependency, module: ProviderSource): unknown {
  const { token, optional } =
    typeof dependency === 'object' && 'token' in dependency ? dependency : { token: dependency, optional: false };
  try {
    return module.get(token, { strict: false });
  } catch (cause) {
    if (optional) return undefined;
    throw new Error(
      `useFactory of the strategy cannot be given what it injects: ${messageOf(cause)}. A testing module has its own ` +
        'providers alone; add the modules of the option imports to Test.createTestingModule({ imports })',
      { cause },
    );
  }
}

/** Closes strategies that their application does not use. Strategies of a factory do not exist yet. */
export function closeUnused(source: StrategySource): void {
  if (isFactory(source)) return;
  for (const strategy of listOf(source)) void strategy.close();
}
