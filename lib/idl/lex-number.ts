import { errorAt, type Source } from './source.js';
import type { Token } from './tokens.js';

const HEX = /([+-]?)0x([0-9A-Fa-f]+)/y;
const INTEGER = /[+-]?[0-9]+/y;
const DOUBLE = /[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/**
 * The number at an offset, or undefined when there is none. Leading zeros do not mean octal.
 *
 * @throws IdlError `syntax` for an integer beyond 64 bits
 */
export function scanNumber(source: Source, at: number): Token | undefined {
  const hex = exec(HEX, source.text, at);
  if (hex !== null) {
    const magnitude = BigInt(`0x${hex[2] ?? '0'}`);
    return integer(source, at, hex[0], hex[1] === '-' ? -magnitude : magnitude, -INT64_MAX);
  }
  const double = exec(DOUBLE, source.text, at)?.[0];
  if (double === undefined) return undefined;
  if (exec(INTEGER, source.text, at)?.[0] !== double)
    return { kind: 'double', text: double, at, value: Number(double) };
  return integer(source, at, double, BigInt(double.replace('+', '')), INT64_MIN);
}

function integer(source: Source, at: number, text: string, value: bigint, min: bigint): Token {
  if (value < min || value > INT64_MAX)
    throw errorAt(source, at, 'syntax', `the integer ${text} does not fit in 64 bits`);
  return { kind: 'integer', text, at, value };
}

function exec(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
