import { printable } from '../../common/printable.js';
import { checkService, type Contract, type OnewayCall } from '../../event/contract.js';
import { stubName } from '../../common/member-name.js';
import { ContractError } from '../../event/event-error.js';
import type { ThriftService } from '../../idl/schema.js';
import type { SendOptions } from '../../publish/outgoing-message.js';
import { checkSendOptions } from '../../publish/send-options.js';

/**
 * Describes a stub without types of its own: the IDL's oneway methods with positional arguments.
 * Each method returns a promise of the message id. A method whose name a runtime or Nest calls by
 * itself, such as `then` or `onModuleInit`, gets an underscore: `then_`.
 *
 * @publicApi
 */
export type OnewayStub = Readonly<Record<string, (...args: unknown[]) => Promise<string>>> & {
  readonly then?: undefined;
};

/**
 * Checks the arguments of `getService`.
 *
 * @throws ContractError the client was not given the service
 * @throws TypeError the first argument is no service, or an option is unknown
 */
export function checkStub(contract: Contract, service: ThriftService, options: SendOptions = {}): void {
  checkService('getService', service);
  checkSendOptions('getService', options);
  if (contract.includes(service)) return;
  throw new ContractError(
    'unknown-service',
    `this client was not given the service ${printable(service.name)}; add it to its option service`,
  );
}

export interface StubCalls {
  readonly send: (call: Required<OnewayCall>) => Promise<string>;
  /** Rejects a call that does not fit its method. */
  readonly refuse: (method: string, error: Error) => Promise<never>;
}

/**
 * Creates a function for each oneway method of a service. The arguments follow the order of the
 * IDL.
 */
export function createStub(service: ThriftService, { send, refuse }: StubCalls): OnewayStub {
  const stub = Object.create(null) as Record<string, (...args: unknown[]) => Promise<string>>;
  for (const fn of service.functions.values()) {
    if (!fn.oneway) continue;
    const names = fn.args.fields.map((field) => field.name);
    stub[stubName(fn.name, service.functions)] = (...args) => {
      if (args.length > names.length) {
        const message = `${fn.name} takes ${names.length} arguments (${names.join(', ')}), not ${args.length}`;
        return refuse(fn.name, new TypeError(message));
      }
      return send({ service: service.name, method: fn.name, args: namedArgs(names, args) });
    };
  }
  return Object.freeze(stub);
}

function namedArgs(names: readonly string[], args: readonly unknown[]): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (let i = 0; i < names.length; i += 1) {
    // A parameter may have this name; an assignment would set the prototype.
    if (names[i] === '__proto__') Object.defineProperty(named, '__proto__', { value: args[i], enumerable: true });
    else named[names[i]!] = args[i];
  }
  return named;
}
