import type { ThriftService } from '../idl/schema.js';

/**
 * The option `service` as a list.
 *
 * @throws TypeError it is not a service, saying how to get one
 */
export function asServices(service: ThriftService | readonly ThriftService[]): readonly ThriftService[] {
  const services = Array.isArray(service) ? (service as readonly ThriftService[]) : [service as ThriftService];
  if (services.length === 0 || services.some((one) => !(one?.functions instanceof Map))) {
    throw new TypeError(
      "option service must be one or several services, as loadService('backup.thrift', 'BackupQueue') returns them",
    );
  }
  return services;
}
