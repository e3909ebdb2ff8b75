/**
 * Finds the ends of messages that arrive in pieces, without a length before them. Goes on where it
 * stopped, so that a message costs time in proportion to its size, however small its pieces are.
 * Checks no more than the end needs; decoding finds every other fault.
 */
export interface MessageScanner {
  /**
   * Goes on with the message that starts at `start`, up to `end`. Between two calls the bytes may move,
   * and only grow. Returns the length of the message once it is complete, and then begins with the
   * next message. Returns undefined while bytes are missing.
   *
   * @throws ThriftReadError the bytes are no message, so its end cannot be known
   */
  scan(bytes: Buffer, start: number, end: number): number | undefined;
  /** Length that the message has at least, as far as it is known. Grows with declared sizes. */
  readonly leastLength: number;
  /** Bytes that all calls have examined or passed over so far, counted again if they were again. */
  readonly examined: number;
}
