/** Numbered events, so that a journal can tell which were lost and which were handled twice. */
struct Numbered {
  1: required i64 number,
  /** When it was emitted, in ms since the epoch. */
  2: required i64 emittedAt,
  /** Makes the event as large as the test wants it. */
  3: required string filling,
}

service LoadQueue {
  oneway void handle(1: Numbered event),
}
