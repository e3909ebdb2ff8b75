import { describeOption } from './option-names.js';

/** Gives the range of a numeric option. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** True if fractions are refused. Default true. */
  readonly integer?: boolean;
}

/** Explains why a value is not in the range of a numeric option. Undefined for a valid value. */
export function numberFault(name: string, value: unknown, range: NumberRange): string | undefined {
  const { min, max, integer = true } = range;
  if (typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value))) {
    return undefined;
  }
  const kind = integer ? 'a whole number' : 'a number';
  const bounds = `from ${grouped(min)} to ${grouped(max)}`;
  return `${name} must be ${kind} ${bounds}, got ${describeOption(value)}${numberAdvice(value)}`;
}

function numberAdvice(value: unknown): string {
  if (typeof value === 'string') return '; use Number(process.env.X)';
  return typeof value === 'bigint' ? '; use Number(…)' : nullAdvice(value);
}

/** Returns the advice for an option that is null. */
export function nullAdvice(value: unknown): string {
  return value === null ? '; leave the option out to get its default' : '';
}

/** Groups the digits of a number as the documentation does: `43 200`. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
