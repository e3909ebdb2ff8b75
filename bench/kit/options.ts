/**
 * Takes an option that only one benchmark has out of the arguments, and returns its value.
 *
 * @throws TypeError if the option stands without a value
 */
export function takeText(args: string[], name: string): string | undefined {
  const at = args.indexOf(name);
  if (at < 0) return undefined;
  const [, value] = args.splice(at, 2);
  if (value === undefined || value.startsWith('--')) throw new TypeError(`${name} takes a value`);
  return value;
}

/** Takes a flag that only one benchmark has out of the arguments. Returns true if it was there. */
export function takeFlag(args: string[], name: string): boolean {
  const at = args.indexOf(name);
  if (at >= 0) args.splice(at, 1);
  return at >= 0;
}
