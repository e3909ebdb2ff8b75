/**
 * The subpath `nestjs-sqs-thrift/health`: answers of probes from the state of workers and clients, and a
 * port for probes of workers without HTTP. Loads Nest.
 *
 * @packageDocumentation
 */
export type { ClientState, SendBufferState, WorkerState } from './diagnostics/transport-state.js';
export { HealthPort } from './operations/health/health-port.js';
export { HealthPortModule } from './operations/health/health-port.module.js';
export type { HealthPortOptions, MetricsSource } from './operations/health/health-port-options.js';
export {
  clientReadiness,
  type LivenessOptions,
  type ProbeResult,
  type ReadinessOptions,
  workerLiveness,
  workerReadiness,
} from './operations/health/probes.js';
