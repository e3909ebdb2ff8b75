import type {
  DynamicModule,
  FactoryProvider,
  ForwardReference,
  ModuleMetadata,
  OnModuleDestroy,
  Type,
} from '@nestjs/common';
import type { AsyncMicroserviceOptions, CustomStrategy } from '@nestjs/microservices';
import { ServerSqsThrift, type ServerSqsThriftOptions } from './server/server-sqs-thrift.js';
import { BaseThriftServer } from './server/base-thrift-server.js';

/** Holds the strategies of one application, which drain concurrently. */
class Strategies implements OnModuleDestroy {
  /** @throws TypeError there is no strategy, or two share a transport id */
  constructor(private readonly all: readonly BaseThriftServer[]) {
    if (all.length === 0) throw new TypeError('SqsThriftModule needs the options of at least one strategy');
    for (const [at, { transportId }] of all.entries()) {
      if (all.findIndex((other) => other.transportId === transportId) === at) continue;
      throw new TypeError(
        `two strategies have the transport id ${String(transportId)}; give each a symbol of its own as option transportId`,
      );
    }
  }

  /**
   * Returns the only strategy.
   *
   * @throws Error there are several
   */
  sole(): BaseThriftServer {
    const [sole, ...others] = this.all;
    if (others.length === 0) return sole!;
    throw new Error(
      `there are ${this.all.length} strategies, so SqsThriftModule.microservice is ambiguous; ` +
        `connect each with SqsThriftModule.microserviceOf(transportId): ${this.listed()}`,
    );
  }

  /** @throws Error no strategy has this transport id */
  of(transportId: symbol): BaseThriftServer {
    const found = this.all.find((one) => one.transportId === transportId);
    if (found) return found;
    throw new Error(`no strategy has the transport id ${String(transportId)}; there are ${this.listed()}`);
  }

  /**
   * Closes all strategies. Nest destroys the root module first and awaits this hook. Only then Nest
   * destroys what handlers use.
   */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.all.map((one) => one.close()));
  }

  private listed(): string {
    return this.all.map(({ transportId }) => String(transportId)).join(', ');
  }
}

type AppModule = Type<unknown> | DynamicModule | ForwardReference | Promise<DynamicModule>;

/** Configures {@link SqsThriftModule.forRootAsync}. */
export interface SqsThriftModuleAsyncOptions extends Pick<FactoryProvider, 'inject'> {
  /** Lists the modules that export what is injected, besides the application's own module. */
  readonly imports?: ModuleMetadata['imports'];
  /** Returns the options of a strategy, a strategy of another carrier, or a list of these. */
  readonly useFactory: FactoryProvider<StrategySource | readonly StrategySource[]>['useFactory'];
}

/** Accepts the options of a strategy, or a ready strategy. */
type StrategySource = ServerSqsThriftOptions | BaseThriftServer;

/**
 * Puts an application that handles calls under a root module with its strategies. Nest destroys the
 * providers of the root module first. The strategies, alone in the root module, drain before Nest
 * destroys anything that handlers use. This order also holds on a signal and in hybrid
 * applications, where Nest closes strategies last.
 *
 * @example
 * const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(
 *   SqsThriftModule.forRoot(WorkerModule, { queue: 'backup', service: BackupQueue }),
 *   SqsThriftModule.microservice,
 * );
 * app.enableShutdownHooks();
 * @example
 * const app = await NestFactory.create(
 *   SqsThriftModule.forRoot(AppModule, { queue: 'backup', service: BackupQueue }),
 * );
 * app.connectMicroservice(SqsThriftModule.microservice, { inheritAppConfig: true });
 * app.enableShutdownHooks();
 * @example
 * const app = await NestFactory.create(
 *   SqsThriftModule.forRoot(AppModule, [
 *     { queue: 'backup', service: BackupQueue, transportId: BACKUP },
 *     { queue: 'reports', service: ReportQueue, transportId: REPORTS },
 *   ]),
 * );
 * for (const id of [BACKUP, REPORTS]) {
 *   app.connectMicroservice(SqsThriftModule.microserviceOf(id), { inheritAppConfig: true });
 * }
 */
export class SqsThriftModule {
  /**
   * Selects the only strategy of the root module, for `NestFactory.createMicroservice` and
   * `connectMicroservice`.
   */
  static readonly microservice: AsyncMicroserviceOptions = microserviceWith((strategies) => strategies.sole());

  /**
   * Selects one of several strategies by its option `transportId`, for `connectMicroservice`. Use
   * the same symbol in `@EventPattern(method, transportId)`.
   */
  static microserviceOf(transportId: symbol): AsyncMicroserviceOptions {
    return microserviceWith((strategies) => strategies.of(transportId));
  }

  /**
   * Puts the application's module under a root module with a {@link ServerSqsThrift}. Several
   * options make several strategies, each with its own `transportId`. Invalid options throw when
   * Nest starts.
   */
  static forRoot(
    module: AppModule,
    options: ServerSqsThriftOptions | readonly ServerSqsThriftOptions[],
  ): DynamicModule {
    return SqsThriftModule.forRootAsync(module, { useFactory: () => options });
  }

  /** Works as {@link forRoot}, with options that depend on what other modules export. */
  static forRootAsync(
    module: AppModule,
    { imports = [], inject = [], useFactory }: SqsThriftModuleAsyncOptions,
  ): DynamicModule {
    const strategies: FactoryProvider<Strategies> = {
      provide: Strategies,
      inject,
      useFactory: async (...injected: unknown[]) => {
        const made = await useFactory(...injected);
        const sources = Array.isArray(made) ? (made as readonly StrategySource[]) : [made as StrategySource];
        return new Strategies(
          sources.map((source) => (source instanceof BaseThriftServer ? source : new ServerSqsThrift(source))),
        );
      },
    };
    return { module: SqsThriftModule, imports: [module, ...imports], providers: [strategies] };
  }
}

function microserviceWith(choose: (strategies: Strategies) => BaseThriftServer): AsyncMicroserviceOptions {
  return Object.freeze({
    inject: [Strategies],
    useFactory: (strategies: Strategies): CustomStrategy => ({ strategy: choose(strategies) }),
  });
}
