/**
 * The subpath `nestjs-sqs-thrift/terminus`: an indicator for health checks of `@nestjs/terminus`. Loads Nest
 * and Terminus.
 *
 * @packageDocumentation
 */
export { ThriftHealthIndicator } from './operations/terminus/thrift-health-indicator.js';
