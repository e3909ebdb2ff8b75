/**
 * Returns the state that all copies of this package in a process share. The first copy creates the
 * state.
 *
 * @param name names the state and the version of its shape; a changed shape needs a new name
 */
export function shared<T>(name: string, create: () => T): T {
  const key = Symbol.for(`nestjs-sqs-thrift:${name}`);
  const holder = globalThis as { [key: symbol]: T | undefined };
  return (holder[key] ??= create());
}
