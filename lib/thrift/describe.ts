import { types } from 'node:util';

/**
 * Describes a value without revealing its content, for error messages: `a string`, `NaN`,
 * `an array`. Runs no foreign code.
 */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'number':
      return describeNumber(value);
    case 'object':
      return describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return 'an infinite number';
  return Number.isInteger(value) ? 'an integer' : 'a fractional number';
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return 'an array';
  if (types.isMap(value)) return 'a Map';
  if (types.isSet(value)) return 'a Set';
  if (types.isDate(value)) return 'a Date';
  if (types.isPromise(value)) return 'a promise; await it';
  if (types.isUint8Array(value)) return 'bytes';
  return 'an object';
}
