/**
 * Uploads of pictures: told to everybody who has something to do with them, whoever that is.
 */

/** A picture that has arrived. */
struct Upload {
  1: required string id,
  2: required string fileName,
  3: required i64 bytes,
}

/** It names no queue: a sender does not know who listens. */
service Uploads {
  oneway void uploaded(1: Upload upload),
}
