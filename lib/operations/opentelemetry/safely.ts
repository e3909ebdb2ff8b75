import { diag } from '@opentelemetry/api';
import { messageOf } from '../../diagnostics/error-text.js';

/**
 * Calls the API of OpenTelemetry. A sampler, span processor or propagator of the application that
 * throws must change nothing of a call or a message. Returns undefined then, and writes to the log of
 * OpenTelemetry.
 */
export function safely<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    diag.error(`nestjs-sqs-thrift: tracing failed: ${messageOf(error)}`);
    return undefined;
  }
}
