package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/backup/gen/backup"
)

// handler serves both services. A returned error leaves the message in the queue, so a call may come more than once.
type handler struct {
	reports backup.BackupReports
}

func (h *handler) StartBackup(ctx context.Context, request *backup.BackupRequest) error {
	if request == nil || request.UserId == "" {
		return errors.New("a backup of nobody")
	}
	if err := checkTexts(append([]string{request.ID, request.UserId}, request.ExcludedFolders...)...); err != nil {
		return err
	}
	folders := "-"
	if request.IsSetExcludedFolders() {
		folders = strings.Join(slices.Sorted(slices.Values(request.ExcludedFolders)), ",")
	}
	fmt.Println("startBackup", shown(request.ID), shown(request.UserId), request.RequestedAt, shown(folders))
	if h.reports == nil {
		return nil
	}
	progress := backup.NewBackupProgress()
	progress.ID, progress.State, progress.FilesDone, progress.FilesTotal = request.ID, backup.BackupState_DONE, 3, 3
	return h.reports.Progress(ctx, progress)
}

func (h *handler) Progress(_ context.Context, progress *backup.BackupProgress) error {
	if progress == nil {
		return errors.New("progress of nothing")
	}
	if err := checkTexts(progress.ID, progress.GetProblem()); err != nil {
		return err
	}
	fmt.Printf("progress %s %v %d/%d\n", shown(progress.ID), progress.State, progress.FilesDone, progress.FilesTotal)
	return nil
}

// checkTexts rejects text that is not UTF-8. The library accepts any bytes as text, which other languages could not read.
func checkTexts(texts ...string) error {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return fmt.Errorf("%q is not UTF-8", text)
		}
	}
	return nil
}
