import { Inject, Injectable, Optional } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { brand } from '../../common/brand.js';
import type { ClientState, WorkerState } from '../../diagnostics/transport-state.js';
import { ThriftWorkers } from '../../nest/thrift-workers.js';
import {
  clientReadiness,
  type LivenessOptions,
  type ProbeResult,
  type ReadinessOptions,
  workerLiveness,
  workerReadiness,
} from '../health/probes.js';

/** Session of Terminus 11, which has no `degraded`. */
type Session = Omit<ReturnType<HealthIndicatorService['check']>, 'degraded' | 'attempt'> & {
  degraded?(data: Record<string, unknown>): HealthIndicatorResult;
};

/**
 * Answers health checks of Terminus 11 and 12 about workers and clients. Reads their state and asks
 * nothing of a queue, so a check takes no time. Provide it in a module that imports `TerminusModule`.
 *
 * @example
 * health.check([() => thrift.workerReady('backup'), () => thrift.clientReady('mails', client)]);
 * @publicApi
 */
@Injectable()
export class ThriftHealthIndicator {
  static {
    brand(this, 'ThriftHealthIndicator');
  }

  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Optional() @Inject(ThriftWorkers) private readonly workers?: ThriftWorkers,
  ) {}

  /**
   * Reports the readiness of a worker, as `workerReadiness` of the subpath `health` does. With Terminus 11
   * a stalled worker is `up` with the key `degraded`.
   *
   * @param key name of the check in the answer
   * @param worker a strategy, or the name of its queue. Default: the only strategy of the application
   * @throws Error the application has no such strategy, or several
   */
  workerReady<Key extends string>(
    key: Key,
    worker?: string | { readonly state: WorkerState },
    options?: ReadinessOptions,
  ): HealthIndicatorResult<Key> {
    return this.report(key, workerReadiness(this.stateOf(worker), options));
  }

  /**
   * Reports the liveness of a worker, as `workerLiveness` of the subpath `health` does.
   *
   * @param key name of the check in the answer
   * @param worker a strategy, or the name of its queue. Default: the only strategy of the application
   * @throws Error the application has no such strategy, or several
   */
  workerAlive<Key extends string>(
    key: Key,
    worker?: string | { readonly state: WorkerState },
    options?: LivenessOptions,
  ): HealthIndicatorResult<Key> {
    return this.report(key, workerLiveness(this.stateOf(worker), options));
  }

  /**
   * Reports the readiness of a client, as `clientReadiness` of the subpath `health` does.
   *
   * @param key name of the check in the answer
   */
  clientReady<Key extends string>(key: Key, client: { readonly state: ClientState }): HealthIndicatorResult<Key> {
    return this.report(key, clientReadiness(client.state));
  }

  private stateOf(worker: string | { readonly state: WorkerState } | undefined): WorkerState {
    if (typeof worker === 'object') return worker.state;
    if (this.workers) return this.workers.get(worker).state;
    throw new Error('ThriftWorkers is not provided; create the application with ThriftFactory, or give the strategy');
  }

  private report<Key extends string>(
    key: Key,
    { ok, degraded, reason, details }: ProbeResult,
  ): HealthIndicatorResult<Key> {
    const session = this.indicators.check(key) as unknown as Session;
    const data = { ...details, ...(reason !== undefined && { reason }) };
    return resultOf(session, data, ok, degraded === true);
  }
}

function resultOf(
  session: Session,
  data: Record<string, unknown>,
  ok: boolean,
  degraded: boolean,
): HealthIndicatorResult {
  if (!ok) return session.down(data);
  if (!degraded) return session.up(data);
  return session.degraded?.(data) ?? session.up({ ...data, degraded });
}
