/** The call that the codecs are measured with: a struct of eight fields, one of them a list of structs. */

/** What a worker found in one place. */
struct BackupFile {
  1: string path,
  2: i64 size,
  3: i64 modifiedAt,
}

/** All that it found for one user. */
struct BackupManifest {
  1: i64 startedAt,
  2: string id,
  3: string userId,
  4: string folder,
  5: string region,
  6: map<string, string> labels,
  7: binary digest,
  8: list<BackupFile> files,
}

service ManifestQueue {
  oneway void storeManifest(1: BackupManifest manifest),
}
