/**
 * One-click backup: the web application records that somebody clicked, workers do the slow part.
 */
namespace java com.example.backup
namespace py backup
namespace go backup

/** How far a backup is. */
enum BackupState {
  STARTED = 1,
  COPYING = 2,
  DONE = 3,
  FAILED = 4,
}

/** Somebody clicked. */
struct BackupRequest {
  /** Made by the web application; everything about this backup carries it. */
  1: required string id,
  /** Whose files. */
  2: required string userId,
  /** When they clicked, in ms since the epoch. */
  3: required i64 requestedAt,
  /** Folders of the user to leave out. */
  4: optional set<string> excludedFolders,
}

/** Where a backup stands. */
struct BackupProgress {
  1: required string id,
  2: required BackupState state,
  3: i32 filesDone = 0,
  4: i32 filesTotal = 0,
  5: i64 bytesDone = 0,
  /** Delivery of the request that this is about: above 1 after a retry. */
  6: i32 attempt = 1,
  7: optional string problem,
}

/** What the web application asks of the workers. */
service BackupQueue {
  oneway void startBackup(1: BackupRequest request),
}

/** What the workers tell the web application. */
service BackupReports {
  oneway void progress(1: BackupProgress progress),
}
