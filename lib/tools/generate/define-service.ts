import { findService } from '../../idl/find-service.js';
import type { Schema } from '../../idl/schema.js';
import type { TypedService } from '../../idl/typed-service.js';

/**
 * Returns a service of a generated module's schema, as `findService` does.
 *
 * @throws IdlError `unknown-service`
 * @publicApi
 */
export function defineService<Methods, Client>(schema: Schema, name: string): TypedService<Methods, Client> {
  // Only the type has the properties that carry the interfaces.
  return findService(schema, name) as TypedService<Methods, Client>;
}
