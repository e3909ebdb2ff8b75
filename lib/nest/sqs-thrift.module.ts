import type { DynamicModule, FactoryProvider, ForwardReference, ModuleMetadata, Type } from '@nestjs/common';
import type { AsyncMicroserviceOptions, CustomStrategy } from '@nestjs/microservices';
import { ServerSqsThrift, type ServerSqsThriftOptions } from './server/server-sqs-thrift.js';
import { ServerThriftQueue } from './server/server-thrift-queue.js';

/** The module of an application or a worker. */
type AppModule = Type<unknown> | DynamicModule | ForwardReference | Promise<DynamicModule>;

/** Options of {@link SqsThriftModule.forRootAsync}. */
export interface SqsThriftModuleAsyncOptions extends Pick<FactoryProvider, 'inject'> {
  /** Modules that export what is injected, besides the application's own. */
  readonly imports?: ModuleMetadata['imports'];
  /** Gives the options of the strategy, or a strategy of another carrier. */
  readonly useFactory: FactoryProvider<ServerSqsThriftOptions | ServerThriftQueue>['useFactory'];
}

/**
 * The root of an application that handles calls. Nest destroys the providers of the root module first, so the strategy, alone in it,
 * drains before anything that handlers use is destroyed: also on a signal and in hybrid applications, where Nest closes strategies last.
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
 */
export class SqsThriftModule {
  /** What `NestFactory.createMicroservice` and `connectMicroservice` take: the strategy of the root module. */
  static readonly microservice: AsyncMicroserviceOptions = Object.freeze({
    inject: [ServerThriftQueue],
    useFactory: (strategy: ServerThriftQueue): CustomStrategy => ({ strategy }),
  });

  /** The application's module under a root of its own with a {@link ServerSqsThrift}. Errors of the options are thrown when Nest starts. */
  static forRoot(module: AppModule, options: ServerSqsThriftOptions): DynamicModule {
    return SqsThriftModule.forRootAsync(module, { useFactory: () => options });
  }

  /** {@link forRoot} with options that are made of what other modules export. */
  static forRootAsync(
    module: AppModule,
    { imports = [], inject = [], useFactory }: SqsThriftModuleAsyncOptions,
  ): DynamicModule {
    const strategy: FactoryProvider<ServerThriftQueue> = {
      provide: ServerThriftQueue,
      inject,
      useFactory: async (...injected: unknown[]) => {
        const made = await useFactory(...injected);
        return made instanceof ServerThriftQueue ? made : new ServerSqsThrift(made);
      },
    };
    return { module: SqsThriftModule, imports: [module, ...imports], providers: [strategy] };
  }
}
