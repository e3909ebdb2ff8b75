/** Methods that `await` and Nest's lifecycle call by themselves on any object that they get. */
const CALLED_ON_ALL = [
  'then',
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
];

/** Methods that string conversion, JSON, and the matchers of Jest and Vitest call on values. */
const CALLED_ON_VALUES = ['toJSON', 'toString', 'toLocaleString', 'valueOf', 'asymmetricMatch'];

const OF_HANDLERS: ReadonlySet<string> = new Set(CALLED_ON_ALL);
const OF_STUBS: ReadonlySet<string> = new Set([...CALLED_ON_ALL, ...CALLED_ON_VALUES]);

/** Lists the names of the methods of a service. */
interface Names {
  has(name: string): boolean;
}

/**
 * Returns the name under which a stub has a method of the IDL. A name that others would call, and so
 * send, gets an underscore: `then_`.
 */
export function stubName(method: string, all: Names): string {
  return free(method, OF_STUBS, all);
}

/**
 * Returns the name of the method of a controller that handles a method of the IDL. A name that Nest
 * would call without arguments gets an underscore: `onModuleInit_`.
 */
export function handlerName(method: string, all: Names): string {
  return free(method, OF_HANDLERS, all);
}

function free(method: string, taken: Names, all: Names): string {
  if (!taken.has(method)) return method;
  let name = `${method}_`;
  while (all.has(name)) name += '_';
  return name;
}
