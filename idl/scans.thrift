/**
 * Scans of paper: most are small, and now and then one is larger than a queue takes.
 */

/** One page. */
struct Scan {
  1: required string id,
  2: required binary image,
}

service Scans {
  oneway void archive(1: Scan scan),
} (sqs.queue = "scans")
