/**
 * Returns an id from the answer of a service, which may send it as a number. Undefined if the value is no
 * id. Never throws.
 *
 * @param longest most characters
 */
export function answeredId(value: unknown, longest: number): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.length > 0 && text.length <= longest ? text : undefined;
}

/** Longest id of a message in characters. SQS uses UUIDs, and emulators do so too or use short texts. */
export const LONGEST_MESSAGE_ID = 256;
