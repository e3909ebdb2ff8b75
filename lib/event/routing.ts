import type { FunctionSchema, ThriftService } from '../idl/schema.js';

/** Where and how the contract sends calls of one method. */
export interface Route {
  readonly queue?: string;
  readonly delaySeconds?: number;
  groupId?(args: Readonly<Record<string, unknown>>): string | undefined;
  deduplicationId?(args: Readonly<Record<string, unknown>>): string | undefined;
}

export function routeOf(_service: ThriftService, _fn: FunctionSchema): Route {
  return {};
}
