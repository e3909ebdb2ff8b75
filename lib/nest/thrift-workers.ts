import type { DynamicModule } from '@nestjs/common';
import { brand } from '../common/brand.js';
import type { WorkerState } from '../diagnostics/transport-state.js';
import type { BaseThriftServer } from './server/base-thrift-server.js';

/** Module class of {@link ThriftWorkers.forRoot}. */
class ThriftWorkersModule {}

/**
 * Holds the strategies of one application. {@link ThriftFactory} provides it in all modules of the
 * application, so that a controller or a service reads their state, pauses them and resumes them.
 *
 * A strategy from a factory is there once its factory has resolved, so read it in a lifecycle hook or
 * later, and not in a constructor.
 *
 * @example
 * constructor(private readonly workers: ThriftWorkers) {}
 * maintain(): Promise<void> { return this.workers.get('backup').pause({ untilIdle: true }); }
 * @publicApi
 */
export class ThriftWorkers {
  static {
    brand(this, 'ThriftWorkers');
  }

  private strategies: readonly BaseThriftServer[] = [];

  /**
   * Returns a global module that provides the workers where ThriftFactory cannot: in a module of
   * `@nestjs/testing`, which is compiled before ThriftFactory gets it and then filled, and in an
   * application that `NestFactory` creates. ThriftFactory needs no such import for other modules.
   *
   * @param strategies the strategies, if `NestFactory` creates the application
   */
  static forRoot(strategies: readonly BaseThriftServer[] = []): DynamicModule {
    // One import may serve several applications, each with its own workers.
    const useFactory = (): ThriftWorkers => {
      const workers = new ThriftWorkers();
      workers.hold(strategies);
      return workers;
    };
    const provider = { provide: ThriftWorkers, useFactory };
    return { module: ThriftWorkersModule, global: true, providers: [provider], exports: [ThriftWorkers] };
  }

  /** All strategies of the application, in the order in which they were given. */
  get all(): readonly BaseThriftServer[] {
    return this.strategies;
  }

  /** The state of each strategy at this moment. */
  get states(): readonly WorkerState[] {
    return this.strategies.map(({ state }) => state);
  }

  /**
   * Returns the strategy of a queue, or the only strategy if no queue is given.
   *
   * @param queue name of the open queue, or the name in the options or the contract, without a prefix
   * @throws Error there is no such strategy, or there are several
   */
  get(queue?: string): BaseThriftServer {
    const found = this.strategies.filter((strategy) => queue === undefined || isNamed(strategy, queue));
    if (found.length === 1) return found[0]!;
    throw new Error(`${this.problem(queue, found.length)}; ${this.present()}`);
  }

  /**
   * Takes the strategies of the application.
   *
   * @internal
   */
  hold(strategies: readonly BaseThriftServer[]): void {
    this.strategies = [...strategies];
  }

  private problem(queue: string | undefined, found: number): string {
    if (queue !== undefined) return `${found === 0 ? 'no worker' : `${found} workers`} of the queue ${queue}`;
    return found === 0 ? 'no worker' : `${found} workers, so get() needs the name of a queue`;
  }

  /** Names the strategies, for an error. */
  private present(): string {
    if (this.strategies.length === 0) {
      return (
        'the application has no strategy, or none yet: one from a factory exists when lifecycle hooks run. ' +
        'A testing module needs ThriftWorkers.forRoot() among its imports'
      );
    }
    const names = this.strategies.map(
      ({ state, queueNames, constructor }) =>
        state.queue ?? queueNames[0] ?? `a ${constructor.name} without an open queue`,
    );
    return `there are ${names.join(', ')}`;
  }
}

function isNamed({ state, queueNames }: BaseThriftServer, queue: string): boolean {
  return state.queue === queue || queueNames.includes(queue);
}
