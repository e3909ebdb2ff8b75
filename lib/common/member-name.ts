/**
 * Lists names of methods that a runtime or a framework calls by itself on any object that it gets:
 * `await` (then), string conversion and JSON, Nest's lifecycle, and the matchers of Jest and Vitest.
 */
const CALLED_UNASKED: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'toString',
  'toLocaleString',
  'valueOf',
  'asymmetricMatch',
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
]);

/**
 * Returns the name under which a stub or a controller has a method of the IDL. That is the name of the
 * IDL, except for a name that others call unasked: it gets an underscore, `then_`.
 *
 * @param all the names of all methods of the service
 */
export function memberName(method: string, all: { has(name: string): boolean }): string {
  if (!CALLED_UNASKED.has(method)) return method;
  let name = `${method}_`;
  while (all.has(name)) name += '_';
  return name;
}
