import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import { ClientProxy, type ClientsProviderAsyncOptions, type CustomClientOptions } from '@nestjs/microservices';
import type { TransportListeners } from '../event-listeners.js';

/** A client class that Nest can construct from its options. */
type ClientClass<Options> = new (options: Options) => ClientProxy;

/**
 * Describes a client for `ClientsModule.register`. Not an interface, so that the declarations of an
 * application need no name for it.
 */
type ClientEntry<Options> = CustomClientOptions & {
  readonly name: string | symbol;
  readonly options: Options & NonNullable<CustomClientOptions['options']>;
};

/** Configures a client whose options depend on other providers. */
interface ClientFactory<Options> {
  /** Lists the modules that export what is injected. */
  readonly imports?: ModuleMetadata['imports'] | undefined;
  /** Lists the tokens that the factory gets, in order. */
  readonly inject?: FactoryProvider['inject'] | undefined;
  /** Returns the options of the client, or a promise of them. */
  readonly useFactory: FactoryProvider<Options>['useFactory'];
}

/** Gives every client class its entries for Nest's `ClientsModule`, with typed options. */
export abstract class RegistrableClient extends ClientProxy<TransportListeners> {
  /** @internal */
  protected abstract readonly publisher: { whenSent(): Promise<void> };

  /** Resolves when each call so far has its result. @internal */
  whenSent(): Promise<void> {
    return this.publisher.whenSent();
  }

  /**
   * Returns an entry for `ClientsModule.register` with options of the client's own type.
   *
   * @example
   * ClientsModule.register([ClientSqsThrift.register(BACKUP, { queue: 'backup', service: BackupQueue })]);
   * @param name token under which the client is injected
   */
  static register<Options extends object>(
    this: ClientClass<Options>,
    name: string | symbol,
    options: NoInfer<Options>,
  ): ClientEntry<Options> {
    return { name, customClass: this, options };
  }

  /**
   * Returns an entry for `ClientsModule.registerAsync` with options from a factory.
   *
   * @example
   * ClientsModule.registerAsync([
   *   ClientSqsThrift.registerAsync(BACKUP, {
   *     inject: [ConfigService],
   *     useFactory: (config: ConfigService) => ({ queue: config.get('QUEUE'), service: BackupQueue }),
   *   }),
   * ]);
   * @param name token under which the client is injected
   */
  static registerAsync<Options extends object>(
    this: ClientClass<Options>,
    name: string | symbol,
    { imports, inject = [], useFactory }: ClientFactory<NoInfer<Options>>,
  ): ClientsProviderAsyncOptions {
    return {
      name,
      inject,
      ...(imports && { imports }),
      useFactory: async (...injected: unknown[]) => ({ customClass: this, options: await useFactory(...injected) }),
    };
  }
}
