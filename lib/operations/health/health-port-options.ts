import type { InjectionToken } from '@nestjs/common';
import { checkOptionNames, describeOption, type OptionNames } from '../../common/option-names.js';
import type { ClientState, WorkerState } from '../../diagnostics/transport-state.js';
import { numberOption, typeOption } from '../../queue/options.js';
import { checkProbeOptions, type LivenessOptions, type ReadinessOptions } from './probes.js';

/**
 * Collects metrics. A `Registry` of prom-client has this shape.
 *
 * @publicApi
 */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/**
 * Configures {@link HealthPortModule}.
 *
 * @publicApi
 */
export interface HealthPortOptions {
  /** Sets the TCP port. 0 takes a free port, which {@link HealthPort.port} names. */
  readonly port: number;
  /**
   * Sets the address to listen on. Default: all addresses of the machine, over IPv4 and IPv6. The kubelet
   * connects to the address of the pod, so on loopback its probes would fail and restart the pod for ever.
   */
  readonly host?: string | undefined;
  /** Sets the workers that the probes ask. Default: the strategies of the application, under ThriftFactory. */
  readonly workers?: readonly { readonly state: WorkerState }[] | undefined;
  /** Adds clients to the readiness, as objects or by the token under which they are injected. Default: none. */
  readonly clients?: readonly (InjectionToken | { readonly state: ClientState })[] | undefined;
  /** Serves metrics at `/metrics`. Default: none. */
  readonly metrics?: MetricsSource | undefined;
  /** Configures `/ready`. */
  readonly readiness?: ReadinessOptions | undefined;
  /** Configures `/live`. */
  readonly liveness?: LivenessOptions | undefined;
}

const OPTION_NAMES = {
  port: true,
  host: true,
  workers: true,
  clients: true,
  metrics: true,
  readiness: true,
  liveness: true,
} satisfies OptionNames<HealthPortOptions>;

/** @throws TypeError, RangeError an option is unknown or not acceptable */
export function checkHealthPortOptions(options: HealthPortOptions): HealthPortOptions {
  const { port, host, metrics, readiness, liveness } = checkOptionNames('HealthPortModule', options, OPTION_NAMES);
  if (port === undefined) throw new TypeError('option port is missing; give a free port such as 9090, or 0 in tests');
  numberOption('port', port, 0, 0, 65_535);
  typeOption('host', host, 'string');
  if (metrics !== undefined && (typeof metrics?.metrics !== 'function' || typeof metrics.contentType !== 'string')) {
    throw new TypeError(`option metrics must be a Registry of prom-client, got ${describeOption(metrics)}`);
  }
  checkProbeOptions(readiness, liveness);
  return options;
}
