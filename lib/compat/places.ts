import type { ThriftService } from '../idl/schema.js';
import type { Place } from './finding.js';

/** A service as a place. */
export function servicePlace({ name, file }: ThriftService): Place {
  return { place: name, path: name, file };
}

/** A method of a service as a place. */
export function methodPlace(service: ThriftService, method: string): Place {
  const path = `${service.name}.${method}`;
  return { place: path, path, file: service.file };
}
