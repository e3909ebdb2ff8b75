/** The characters that JSON (RFC 8259) gives a meaning. */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

export const ZERO = 0x30;
export const NINE = 0x39;
export const MINUS = 0x2d;
export const PLUS = 0x2b;
export const POINT = 0x2e;
/** `e`, which `E` becomes by its lower-case bit. */
export const EXPONENT = 0x65;

/** Whether a byte is white space between tokens: blank, tab, line feed, carriage return (RFC 8259 §2). */
export function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Whether a byte is a digit; undefined, behind the end, is none. */
export function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= NINE;
}
