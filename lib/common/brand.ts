type Constructor = abstract new (...args: never[]) => object;

/**
 * Gives a class one identity across all copies of this package in a process: the build for
 * `import`, the build for `require`, and other versions. `instanceof` then recognizes instances of
 * every copy. Call this function in a static block of the class.
 *
 * Subclasses without a brand of their own keep the ordinary `instanceof`.
 *
 * @param name the exported name of the class
 */
export function brand(target: Constructor, name: string): void {
  const mark = addMark(target, name);
  Object.defineProperty(target, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      // A subclass inherits this method. Its own prototype decides about its instances.
      if (this !== target) return Function.prototype[Symbol.hasInstance].call(this, value);
      return typeof value === 'object' && value !== null && mark in value;
    },
  });
}

/** Lets instances of a class count as instances of the branded class `name`. Returns the mark. */
export function addMark(target: Constructor, name: string): symbol {
  const mark = Symbol.for(`nestjs-sqs-thrift:${name}`);
  Object.defineProperty(target.prototype, mark, { value: true });
  return mark;
}
