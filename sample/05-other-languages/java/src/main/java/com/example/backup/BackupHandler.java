package com.example.backup;

import java.util.TreeSet;
import org.apache.thrift.TException;

/** Handles both services. An exception leaves the message in the queue, so a call may come more than once. */
final class BackupHandler implements BackupQueue.Iface, BackupReports.Iface {
  private final BackupReports.Iface reports;

  /** Reports each backup to {@code reports}, unless {@code reports} is null. */
  BackupHandler(BackupReports.Iface reports) {
    this.reports = reports;
  }

  @Override
  public void startBackup(BackupRequest request) throws TException {
    if (request.getUserId().isEmpty()) throw new IllegalArgumentException("backup " + request.getId() + " is of nobody");
    String folders = request.isSetExcludedFolders() ? String.join(",", new TreeSet<>(request.getExcludedFolders())) : "-";
    String who = Shown.of(request.getId()) + " " + Shown.of(request.getUserId());
    System.out.println(String.join(" ", "startBackup", who, "" + request.getRequestedAt(), Shown.of(folders)));
    if (reports == null) return;
    reports.progress(new BackupProgress().setId(request.getId()).setState(BackupState.DONE).setFilesDone(3).setFilesTotal(3));
  }

  @Override
  public void progress(BackupProgress progress) {
    String files = progress.getFilesDone() + "/" + progress.getFilesTotal();
    System.out.println(String.join(" ", "progress", Shown.of(progress.getId()), progress.getState().name(), files));
  }
}
