import { findService } from './find-service.js';
import { loadSchema, type LoadSchemaOptions } from './load-schema.js';
import type { ThriftService } from './schema.js';

/**
 * Reads an IDL file and takes one service from it: the contract that a server or client is given.
 *
 * @param file a path, relative to the current directory, or a `file:` URL
 * @param name the name of the service in the IDL
 * @throws IdlError `file-not-found`, `unknown-service`, and for any mistake in the IDL
 */
export function loadService(file: string | URL, name: string, options: LoadSchemaOptions = {}): ThriftService {
  return findService(loadSchema(file, options), name);
}
