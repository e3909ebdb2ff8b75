import type { DynamicModule, INestApplication, INestMicroservice, NestApplicationOptions } from '@nestjs/common';
import { type AbstractHttpAdapter, ApplicationConfig, NestFactory } from '@nestjs/core';
import type {
  AsyncMicroserviceOptions,
  CustomStrategy,
  CustomTransportStrategy,
  NestMicroservice,
} from '@nestjs/microservices';
import {
  type AppModule,
  type ImportableModule,
  isTestingModule,
  resolveModule,
  type TestingModuleLike,
} from './app-module.js';
import { CombinedStrategy } from './combined-strategy.js';
import { mountAll } from './mountable.js';
import { inheritAndRethrow, rethrowByDefault } from './rethrow-by-default.js';
import type { BaseThriftServer } from './server/base-thrift-server.js';
import {
  closeUnused,
  importsOf,
  Strategies,
  strategiesProvider,
  type StrategySource,
  testStrategies,
} from './strategies.js';
import { ThriftWorkers } from './thrift-workers.js';

/** Options of `NestFactory.createMicroservice`, besides those of the transport. */
export type MicroserviceSettings = NonNullable<Parameters<(typeof NestFactory)['createApplicationContext']>[1]>;

/** Stands for the strategies of an application in preview mode, which has no providers and never starts. */
const NO_STRATEGY: CustomTransportStrategy = { listen: (callback) => callback() as unknown, close: () => undefined };

/** Root module of an application. Nest destroys the providers of the root module first. */
class ThriftRootModule {}

/**
 * Creates applications that handle Thrift calls, with the strategies of any carrier. Swapping the
 * transport means passing another strategy.
 *
 * It puts the strategies alone into a root module above the application's module. So they drain
 * before Nest destroys anything that handlers use, on `close()` and on a signal. No strategy receives
 * before `onApplicationBootstrap` has run in all modules, whatever the order of
 * `startAllMicroservices()` and `listen()`. Errors of handlers reach the strategy unchanged, unless a
 * filter of the application takes them: see {@link RethrowErrorFilter}. All modules can inject
 * {@link ThriftWorkers}.
 *
 * Each method also takes a compiled module of `Test.createTestingModule`. There Nest destroys providers
 * before it closes strategies.
 *
 * @publicApi
 */
export class ThriftFactory {
  /**
   * Creates a microservice with one strategy. Start it with `app.listen()`.
   *
   * @throws TypeError the first argument is no module, or the source is not exactly one strategy
   * @example
   * const strategy = new ServerSqsThrift({ queue: 'backup', service: BackupQueue });
   * const app = await ThriftFactory.createMicroservice(WorkerModule, strategy);
   * app.enableShutdownHooks();
   * await app.listen();
   */
  static async createMicroservice(
    module: AppModule | TestingModuleLike | Promise<TestingModuleLike>,
    source: StrategySource,
    options: MicroserviceSettings = {},
  ): Promise<INestMicroservice> {
    const resolved = await resolveModule(module);
    if (isTestingModule(resolved)) {
      const strategies = await testStrategies(source, resolved);
      // Nest starts a microservice after its hooks.
      strategies.onApplicationBootstrap();
      return rethrowing(resolved.createNestMicroservice({ ...options, strategy: strategies.sole() }));
    }
    return createService(resolved, source, options, (strategies) => strategies.sole());
  }

  /**
   * Creates a hybrid application with its strategies connected. Start the strategies with
   * `app.startAllMicroservices()`, and HTTP with `app.listen(port)`. Global pipes, guards,
   * interceptors and filters hold for handlers too, if they are set before the start. One for HTTP
   * alone must check `context.getType()`, which is `'rpc'` for a handler.
   *
   * @param adapterOrOptions an HTTP adapter, or the options of `NestFactory.create`
   * @throws TypeError the first argument is no module, or the source holds no strategy, or two with
   *   one transport id
   * @example
   * const app = await ThriftFactory.create(AppModule, [backupServer, reportServer]);
   * await app.startAllMicroservices();
   * await app.listen(3000);
   */
  static async create<App extends INestApplication = INestApplication>(
    module: AppModule | TestingModuleLike | Promise<TestingModuleLike>,
    source: StrategySource,
    adapterOrOptions?: AbstractHttpAdapter | NestApplicationOptions,
    options?: NestApplicationOptions,
  ): Promise<App> {
    const forwarded = [adapterOrOptions, options].filter((one) => one !== undefined) as never[];
    const resolved = await resolveModule(module);
    if (isTestingModule(resolved)) {
      const strategies = await testStrategies(source, resolved);
      const app = resolved.createNestApplication(...forwarded);
      afterInit(app, () => strategies.onApplicationBootstrap());
      return connect(app as App, strategies.all);
    }
    const app = await NestFactory.create<App>(rootModule(resolved, source), ...(forwarded as []));
    return connect(app, used(app.get<Strategies | null>(Strategies), source)?.all ?? []);
  }
}

/**
 * Creates a microservice with several strategies. Unlike {@link ThriftFactory.create} it needs no
 * adapter for HTTP. Nest binds the handlers when the application listens.
 */
export async function createCombined(
  module: AppModule,
  strategies: readonly BaseThriftServer[],
  options: MicroserviceSettings,
): Promise<INestMicroservice> {
  const combined = new CombinedStrategy(strategies);
  const resolved = (await resolveModule(module)) as ImportableModule;
  const app = await createService(resolved, strategies, options, () => combined);
  const register = (): void => (app as NestMicroservice).registerListeners();
  for (const strategy of strategies) strategy.bindHandlersBy(() => combined.bindTo(strategy, register));
  return app;
}

async function createService(
  module: ImportableModule,
  source: StrategySource,
  options: MicroserviceSettings,
  strategyOf: (strategies: Strategies) => CustomTransportStrategy,
): Promise<INestMicroservice> {
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(rootModule(module, source), {
    ...options,
    inject: [Strategies],
    // Nest reads further options, such as autoFlushLogs, from the result.
    useFactory: (strategies: Strategies | null): CustomStrategy => {
      const given = used(strategies, source);
      return { ...options, strategy: given ? strategyOf(given) : NO_STRATEGY };
    },
  });
  return rethrowing(app);
}

/** Returns the strategies. In preview mode Nest creates no providers, so they end unused. */
function used(strategies: Strategies | null, source: StrategySource): Strategies | null {
  if (strategies === null) closeUnused(source);
  return strategies;
}

function rootModule(module: ImportableModule, source: StrategySource): DynamicModule {
  const strategies = strategiesProvider(source);
  const imports = [module, ...importsOf(source), ThriftWorkers.forRoot()];
  return { module: ThriftRootModule, imports, providers: [strategies] };
}

/** Lets errors of handlers reach the strategy, unless a filter takes them. */
function rethrowing(app: INestMicroservice): INestMicroservice {
  rethrowByDefault(app.get(ApplicationConfig, { strict: false }));
  return app;
}

/**
 * Connects strategies as `connectMicroservice` does, but binds the handlers at the start. Nest reads
 * global enhancers when it binds a handler, so they may be set until then.
 */
function connect<App extends INestApplication>(app: App, strategies: readonly BaseThriftServer[]): App {
  mountAll(strategies, app);
  for (const strategy of strategies) {
    const options = { inheritAppConfig: false, deferInitialization: true };
    const microservice = app.connectMicroservice<CustomStrategy>({ strategy }, options) as unknown as NestMicroservice;
    // The application itself runs the lifecycle hooks of the shared modules.
    microservice.setIsInitialized(true);
    microservice.setIsInitHookCalled(true);
    // Private in Nest 11 and 12, which offer no other way to the configuration of a microservice.
    const { applicationConfig } = microservice as unknown as { readonly applicationConfig: ApplicationConfig };
    inheritAndRethrow(applicationConfig, app.get(ApplicationConfig, { strict: false }));
    strategy.bindHandlersBy(() => microservice.registerListeners());
  }
  return app;
}

/** Runs a function once the hooks of an application have run, which `listen` starts by `init` too. */
function afterInit(app: INestApplication, run: () => void): void {
  const init = app.init.bind(app);
  const initAndRun = async (): Promise<INestApplication> => {
    await init();
    run();
    return app;
  };
  Object.assign(app, { init: initAndRun });
}
