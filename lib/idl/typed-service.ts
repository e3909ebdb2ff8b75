import type { ThriftService } from './schema.js';

/**
 * Stands for the methods of a service without generated types: every name and all arguments are
 * accepted at compile time, and checked when a call is encoded.
 *
 * @publicApi
 */
export interface UntypedMethods {
  readonly [method: string]: { readonly emit: unknown; readonly handle: unknown };
}

/** Marks properties that exist only in the type, never in a value. */
declare const methodTypes: unique symbol;
declare const clientType: unique symbol;

/**
 * Represents a service of a generated module. The type also carries two interfaces of the module:
 * `Methods` with the arguments of each oneway method, and `Client` with the methods of the
 * positional stub. A loaded service takes the types of a module with `declareOnly` by a cast.
 *
 * @example
 * const Backups = loadService('idl/backup.thrift', 'BackupQueue') as TypedService<
 *   BackupQueueMethods,
 *   BackupQueueClient
 * >;
 * @publicApi
 */
export interface TypedService<Methods = unknown, Client = unknown> extends ThriftService {
  readonly [methodTypes]: Methods;
  readonly [clientType]: Client;
}

/**
 * Represents a service without generated types, such as a service of `loadService`.
 *
 * @publicApi
 */
export interface UntypedService extends ThriftService {
  readonly [methodTypes]?: never;
}
