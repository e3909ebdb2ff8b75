import { addMark, brand } from './brand.js';

/**
 * Base class of the errors of this package. `code` is stable, so a program may decide by it.
 * Mistakes in options are TypeErrors and RangeErrors instead.
 *
 * @publicApi
 */
export abstract class ThriftTransportError extends Error {
  static {
    brand(this, 'ThriftTransportError');
  }

  /** Stable code of the failure. See `docs/errors.md` for the list. */
  abstract readonly code: string;
}

/**
 * Lets `instanceof ThriftTransportError` recognize a class that must extend another class, such as
 * Apache's `TProtocolException`.
 */
export function countAsTransportError(target: abstract new (...args: never[]) => { readonly code: string }): void {
  addMark(target, 'ThriftTransportError');
}
