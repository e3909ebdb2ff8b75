import type { ThriftService } from '../../idl/schema.js';

/** A stub without types of its own: the IDL's oneway methods with positional arguments, each a promise of the message id. */
export type OnewayStub = Readonly<Record<string, (...args: unknown[]) => Promise<string>>>;

/** What a stub hands its calls to. */
export type Call = (service: string, method: string, args: Readonly<Record<string, unknown>>) => Promise<string>;

/** The oneway methods of a service as functions, with the arguments in the order of the IDL. */
export function createStub(service: ThriftService, call: Call): OnewayStub {
  const stub = Object.create(null) as Record<string, (...args: unknown[]) => Promise<string>>;
  for (const fn of service.functions.values()) {
    if (!fn.oneway) continue;
    const names = fn.args.fields.map((field) => field.name);
    stub[fn.name] = async (...args) => {
      if (args.length > names.length) {
        throw new TypeError(`${fn.name} takes ${names.length} arguments (${names.join(', ')}), not ${args.length}`);
      }
      return call(service.name, fn.name, Object.fromEntries(names.map((name, i) => [name, args[i]])));
    };
  }
  return Object.freeze(stub);
}
