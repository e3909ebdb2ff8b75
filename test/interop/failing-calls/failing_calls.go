// Failing_calls asks for backups through one client, of which one cannot be written, in each protocol: failing_calls QUEUE
//
// It prints a line for each call that failed. The first is of a client that writes to the transport as its protocol does, in pieces.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"example.com/backup/gen/backup"
	"example.com/backup/sqstransport"
	"github.com/apache/thrift/lib/go/thrift"
)

var protocols = map[string]thrift.TProtocolFactory{
	"binary":  thrift.NewTBinaryProtocolFactoryConf(nil),
	"compact": thrift.NewTCompactProtocolFactoryConf(nil),
	"json":    thrift.NewTJSONProtocolFactory(),
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func wholeCalls(transport thrift.TTransport, protocol thrift.TProtocolFactory) backup.BackupQueue {
	return backup.NewBackupQueueClient(sqstransport.WholeCalls(transport, protocol.GetProtocol))
}

func ask(ctx context.Context, client backup.BackupQueue, users ...string) {
	for _, user := range users {
		request := &backup.BackupRequest{ID: "b-1", UserId: user, RequestedAt: 1}
		// Of a set that has a folder twice half of the call has been written when it fails.
		if strings.HasSuffix(user, "bad") {
			request.ExcludedFolders = []string{"tmp", "tmp"}
		}
		if err := client.StartBackup(ctx, request); err != nil {
			fmt.Println(user, "failed")
		}
	}
}

func main() {
	ctx := context.Background()
	transport, err := sqstransport.New(ctx, os.Args[1])
	check(err)
	check(transport.Open())
	ask(ctx, backup.NewBackupQueueClientFactory(transport, protocols["binary"]), "in pieces")
	for name, factory := range protocols {
		ask(ctx, wholeCalls(transport, factory), name+"-1", name+"-bad", name+"-2")
		gathered := thrift.NewTMemoryBuffer()
		ask(ctx, wholeCalls(gathered, factory), name+"-packed-1", name+"-packed-bad", name+"-packed-2")
		_, err := transport.Write(gathered.Bytes())
		check(err)
		check(transport.Flush(ctx))
	}
}
