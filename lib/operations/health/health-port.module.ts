import type { DynamicModule, FactoryProvider } from '@nestjs/common';
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
    const provider: FactoryProvider<HealthPort> = {
      provide: HealthPort,
      inject: [ModuleRef, { token: ThriftWorkers, optional: true }],
      useFactory: (modules: ModuleRef, workers?: ThriftWorkers) => new HealthPort(options, modules, workers),
    };
    return { module: HealthPortModule, providers: [provider], exports: [HealthPort] };
  }
}
