/**
 * Edits of photo albums: those of one album in the order in which they were made, those of different albums side by side.
 */

/** One change to an album. */
struct AlbumEdit {
  /** Made by the editor; an edit that is sent twice within five minutes is stored once. */
  1: required string id,
  2: required string albumId,
  /** Counts the edits of the album, from 1. */
  3: required i32 number,
  4: required string change,
}

service AlbumEdits {
  oneway void apply(1: AlbumEdit edit) (sqs.group = "edit.albumId", sqs.dedup = "edit.id"),
} (sqs.queue = "album-edits.fifo")
