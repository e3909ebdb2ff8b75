/** What stands before the next value or field of the innermost level, which TProtocol's methods leave to the protocol. */
export const Place = {
  /** Nothing: the root, and the value of a field, which the field's own level has provided for. */
  PLAIN: 0,
  /** A comma, in a list or set. */
  ELEMENT: 1,
  /** Nothing, before a map's first key. */
  FIRST_KEY: 2,
  /** A comma, before any other key. */
  KEY: 3,
  /** A colon, before the value of a key. */
  VALUE: 4,
  /** Nothing before a struct's first field, a comma before any other; the values in them are plain. */
  FIRST_FIELD: 5,
  FIELD: 6,
} as const;
