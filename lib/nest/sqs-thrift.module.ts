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

/** The strategies of one application, which drain side by side. */
class Strategies implements OnModuleDestroy {
  /** @throws TypeError there is none, or two cannot be told apart */
  constructor(private readonly all: readonly BaseThriftServer[]) {
    if (all.length === 0) throw new TypeError('SqsThriftModule needs the options of at least one strategy');
    for (const [at, { transportId }] of all.entries()) {
      if (all.findIndex((other) => other.transportId === transportId) === at) continue;
      throw new TypeError(
        `two strategies have the transport id ${String(transportId)}; give each a symbol of its own as option transportId`,
      );
    }
  }

  /** The only one. @throws Error there are several */
  sole(): BaseThriftServer {
    const [sole, ...others] = this.all;
    if (others.length === 0) return sole!;
    throw new Error(
      `there are ${this.all.length} strategies, so SqsThriftModule.microservice is none of them; ` +
        `connect each with SqsThriftModule.microserviceOf(transportId): ${this.listed()}`,
    );
  }

  /** @throws Error there is none with this transport id */
  of(transportId: symbol): BaseThriftServer {
    const found = this.all.find((one) => one.transportId === transportId);
    if (found) return found;
    throw new Error(`no strategy has the transport id ${String(transportId)}; there are ${this.listed()}`);
  }

  /** Nest destroys the root module first, and awaits this: only then what handlers use is destroyed. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.all.map((one) => one.close()));
  }

  private listed(): string {
    return this.all.map(({ transportId }) => String(transportId)).join(', ');
  }
}

/** The module of an application or a worker. */
type AppModule = Type<unknown> | DynamicModule | ForwardReference | Promise<DynamicModule>;

/** Options of {@link SqsThriftModule.forRootAsync}. */
export interface SqsThriftModuleAsyncOptions extends Pick<FactoryProvider, 'inject'> {
  /** Modules that export what is injected, besides the application's own. */
  readonly imports?: ModuleMetadata['imports'];
  /** Gives the options of the strategy, or a strategy of another carrier; or several of them. */
  readonly useFactory: FactoryProvider<StrategySource | readonly StrategySource[]>['useFactory'];
}

/** What a strategy is made of, or one that was made. */
type StrategySource = ServerSqsThriftOptions | BaseThriftServer;

/**
 * The root of an application that handles calls. Nest destroys the providers of the root module first, so the strategies, alone in it,
 * drain before anything that handlers use is destroyed: also on a signal and in hybrid applications, where Nest closes strategies last.
 *
 * @example
 * const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(
 *   SqsThriftModule.forRoot(WorkerModule, { queue: 'backup', service: BackupQueue }),
 *   SqsThriftModule.microservice,
 * );
 * app.enableShutdownHooks();
 * @example
 * const app = await NestFactory.create(SqsThriftModule.forRoot(AppModule, { queue: 'backup', service: BackupQueue }));
 * app.connectMicroservice(SqsThriftModule.microservice, { inheritAppConfig: true });
 * app.enableShutdownHooks();
 * @example
 * const app = await NestFactory.create(
 *   SqsThriftModule.forRoot(AppModule, [
 *     { queue: 'backup', service: BackupQueue, transportId: BACKUP },
 *     { queue: 'reports', service: ReportQueue, transportId: REPORTS },
 *   ]),
 * );
 * for (const id of [BACKUP, REPORTS]) app.connectMicroservice(SqsThriftModule.microserviceOf(id), { inheritAppConfig: true });
 */
export class SqsThriftModule {
  /** What `NestFactory.createMicroservice` and `connectMicroservice` take: the strategy of the root module, where it has one. */
  static readonly microservice: AsyncMicroserviceOptions = microserviceWith((strategies) => strategies.sole());

  /**
   * What `connectMicroservice` takes for one of several strategies, which is known by its option `transportId`; the same symbol as in
   * `@EventPattern(method, transportId)`.
   */
  static microserviceOf(transportId: symbol): AsyncMicroserviceOptions {
    return microserviceWith((strategies) => strategies.of(transportId));
  }

  /**
   * The application's module under a root of its own with a {@link ServerSqsThrift}, or with several, each with a `transportId` of its
   * own. Errors of the options are thrown when Nest starts.
   */
  static forRoot(
    module: AppModule,
    options: ServerSqsThriftOptions | readonly ServerSqsThriftOptions[],
  ): DynamicModule {
    return SqsThriftModule.forRootAsync(module, { useFactory: () => options });
  }

  /** {@link forRoot} with options that are made of what other modules export. */
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
