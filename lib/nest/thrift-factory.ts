import type {
  DynamicModule,
  ForwardReference,
  INestApplication,
  INestMicroservice,
  NestApplicationOptions,
  Type,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions, CustomStrategy, NestMicroservice } from '@nestjs/microservices';
import type { BaseThriftServer } from './server/base-thrift-server.js';
import {
  importsOf,
  isStrategy,
  Strategies,
  strategiesProvider,
  type StrategySource,
  testStrategies,
} from './strategies.js';

/** Module of an application, in every form that `NestFactory` takes. */
type AppModule = Type<unknown> | DynamicModule | ForwardReference | Promise<DynamicModule>;

/** Options of `NestFactory.createMicroservice`, besides those of the transport. */
type MicroserviceSettings = NonNullable<Parameters<(typeof NestFactory)['createApplicationContext']>[1]>;

/** A compiled module of `@nestjs/testing`, described by its shape: the package is not a dependency. */
interface TestingModuleLike {
  createNestApplication(...options: never[]): INestApplication;
  createNestMicroservice(options: { strategy: BaseThriftServer }): INestMicroservice;
  get(token: unknown, options: { strict: false }): unknown;
}

/** Root module of an application. Nest destroys the providers of the root module first. */
class ThriftRootModule {}

/**
 * Creates applications that handle Thrift calls, with the strategies of any carrier. Swapping the
 * transport means passing another strategy.
 *
 * It puts the strategies alone into a root module above the application's module. So they drain
 * before Nest destroys anything that handlers use, on `close()` and on a signal. No strategy receives
 * before `onApplicationBootstrap` has run in all modules, whatever the order of
 * `startAllMicroservices()` and `listen()`.
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
   * @throws TypeError the source is not exactly one strategy
   * @example
   * const strategy = new ServerSqsThrift({ queue: 'backup', service: BackupQueue });
   * const app = await ThriftFactory.createMicroservice(WorkerModule, strategy);
   * app.enableShutdownHooks();
   * await app.listen();
   */
  static async createMicroservice(
    module: AppModule | TestingModuleLike,
    source: StrategySource,
    options: MicroserviceSettings = {},
  ): Promise<INestMicroservice> {
    if (isTestingModule(module)) {
      const strategies = await testStrategies(source, module);
      // Nest starts a microservice after its hooks.
      strategies.onApplicationBootstrap();
      return module.createNestMicroservice({ ...options, strategy: strategies.sole() });
    }
    return NestFactory.createMicroservice<AsyncMicroserviceOptions>(rootModule(module, source), {
      ...options,
      inject: [Strategies],
      useFactory: (strategies: Strategies): CustomStrategy => ({ strategy: strategies.sole() }),
    });
  }

  /**
   * Creates a hybrid application with its strategies connected. Start the strategies with
   * `app.startAllMicroservices()`, and HTTP with `app.listen(port)`. Global pipes, guards,
   * interceptors and filters hold for handlers too, if they are set before the start.
   *
   * @param adapterOrOptions an HTTP adapter, or the options of `NestFactory.create`
   * @throws TypeError the source holds no strategy, or two with one transport id
   * @example
   * const app = await ThriftFactory.create(AppModule, [backupServer, reportServer]);
   * await app.startAllMicroservices();
   * await app.listen(3000);
   */
  static async create<App extends INestApplication = INestApplication>(
    module: AppModule | TestingModuleLike,
    source: StrategySource,
    adapterOrOptions?: AbstractHttpAdapter | NestApplicationOptions,
    options?: NestApplicationOptions,
  ): Promise<App> {
    const forwarded = [adapterOrOptions, options].filter((one) => one !== undefined) as never[];
    if (isTestingModule(module)) {
      const strategies = await testStrategies(source, module);
      const app = module.createNestApplication(...forwarded);
      afterInit(app, () => strategies.onApplicationBootstrap());
      return connect(app as App, strategies.all);
    }
    const app = await NestFactory.create<App>(rootModule(module, source), ...(forwarded as []));
    return connect(app, app.get(Strategies).all);
  }
}

function rootModule(module: AppModule, source: StrategySource): DynamicModule {
  if (isStrategy(module))
    throw new TypeError('the first argument is a strategy; pass the module first, then the strategy');
  const strategies = strategiesProvider(source);
  return { module: ThriftRootModule, imports: [module, ...importsOf(source)], providers: [strategies] };
}

/**
 * Connects strategies as `connectMicroservice` does, but binds the handlers at the start. Nest reads
 * global enhancers when it binds a handler, so they may be set until then.
 */
function connect<App extends INestApplication>(app: App, strategies: readonly BaseThriftServer[]): App {
  for (const strategy of strategies) {
    const options = { inheritAppConfig: true, deferInitialization: true };
    const microservice = app.connectMicroservice<CustomStrategy>({ strategy }, options) as unknown as NestMicroservice;
    // The application itself runs the lifecycle hooks of the shared modules.
    microservice.setIsInitialized(true);
    microservice.setIsInitHookCalled(true);
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

function isTestingModule(module: object): module is TestingModuleLike {
  return 'createNestMicroservice' in module && 'createNestApplication' in module;
}
