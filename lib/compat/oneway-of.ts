import type { FunctionSchema, ThriftService } from '../idl/schema.js';

/** The methods of a service that can be called over a queue, inherited ones included. */
export function onewayOf({ functions }: ThriftService): readonly FunctionSchema[] {
  return [...functions.values()].filter(({ oneway }) => oneway);
}
