/** Restores what was patched. */
export type Undo = () => void;

type Method = (...args: unknown[]) => unknown;
/** An object of the patched class, with its private members. */
type Self = Record<string, Method | undefined>;

/**
 * Replaces a method of a class, be it private.
 *
 * @param wrap returns the new method for an object, given the old one
 * @throws Error the class has no such method
 */
export function patch(
  type: { readonly prototype: object },
  name: string,
  wrap: (original: Method, self: Self & { readonly parts?: unknown }) => Method,
): Undo {
  const prototype = type.prototype as Self;
  const original = prototype[name];
  if (typeof original !== 'function') throw new Error(`there is no method ${name} to patch; adapt the mutant`);
  prototype[name] = function (this: Self, ...args: unknown[]): unknown {
    return wrap(original.bind(this), this)(...args);
  };
  return () => void (prototype[name] = original);
}
