import type { DynamicModule, FactoryProvider, ModuleMetadata } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ThriftWorkers } from '../../nest/thrift-workers.js';
import { HealthPort } from './health-port.js';
import { checkHealthPortOptions, type HealthPortOptions } from './health-port-options.js';

/**
 * Gives a worker without HTTP a small port for probes: `GET /live` and `GET /ready` answer 200 or 503 with
 * a body in JSON. Asks the state of the workers and clients, and never the queue.
 *
 * @publicApi
 */
export class HealthPortModule {
  /**
   * Returns the module with its options.
   *
   * @example
   * imports: [HealthPortModule.register({ port: 9090 })]
   * @throws TypeError, RangeError an option is unknown or not acceptable
   */
  static register(options: HealthPortOptions): DynamicModule {
    checkHealthPortOptions(options);
    return HealthPortModule.registerAsync({ useFactory: () => options });
  }

  /**
   * Returns the module with options from a factory, which gets what `inject` names. A wrong option makes
   * the start of the application fail.
   *
   * @example
   * imports: [
   *   HealthPortModule.registerAsync({
   *     inject: [ConfigService],
   *     useFactory: (config: ConfigService) => ({ port: config.get('HEALTH_PORT') }),
   *   }),
   * ]
   */
  static registerAsync({
    imports = [],
    inject = [],
    useFactory,
  }: Pick<ModuleMetadata, 'imports'> &
    Pick<FactoryProvider<HealthPortOptions>, 'inject' | 'useFactory'>): DynamicModule {
    const provider: FactoryProvider<HealthPort> = {
      provide: HealthPort,
      inject: [ModuleRef, { token: ThriftWorkers, optional: true }, ...inject],
      useFactory: async (modules: ModuleRef, workers: ThriftWorkers | undefined, ...injected: unknown[]) =>
        new HealthPort(checkHealthPortOptions(await useFactory(...injected)), modules, workers),
    };
    return { module: HealthPortModule, imports, providers: [provider], exports: [HealthPort] };
  }
}
