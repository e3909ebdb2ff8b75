import { nullAdvice } from './number-fault.js';
import { describeOption } from './option-names.js';

/** Explains why a value is neither true nor false. Undefined for a boolean. */
export function booleanFault(name: string, value: unknown): string | undefined {
  if (typeof value === 'boolean') return undefined;
  const advice = typeof value === 'string' ? "; use process.env.X === 'true'" : nullAdvice(value);
  return `${name} must be true or false, got ${describeOption(value)}${advice}`;
}
