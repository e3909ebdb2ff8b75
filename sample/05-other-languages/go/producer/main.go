// Producer asks for a backup of each user: producer [-protocol compact] [-packed] [-multiplexed] [-without cache,tmp] QUEUE USER...
//
// It prints the id of each backup once SQS has stored the request for it.
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"example.com/backup/gen/backup"
	"example.com/backup/sqstransport"
	"github.com/apache/thrift/lib/go/thrift"
)

var protocols = map[string]thrift.TProtocolFactory{
	"binary":  thrift.NewTBinaryProtocolFactoryConf(nil),
	"compact": thrift.NewTCompactProtocolFactoryConf(nil),
	"json":    thrift.NewTJSONProtocolFactory(),
}

var (
	protocolName = flag.String("protocol", "binary", "binary, compact or json")
	packed       = flag.Bool("packed", false, "all requests in one message")
	multiplexed  = flag.Bool("multiplexed", false, "name the service in each call")
	without      = flag.String("without", "", "folders to leave out, with commas between them")
)

func main() {
	log.SetFlags(0)
	flag.Usage = func() {
		log.Print("usage: producer [-protocol compact] [-packed] [-multiplexed] [-without cache,tmp] QUEUE USER...")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() < 2 || protocols[*protocolName] == nil {
		flag.Usage()
		os.Exit(2)
	}
	if err := produce(context.Background(), flag.Arg(0), flag.Args()[1:]); err != nil {
		log.Fatal(err)
	}
}

func produce(ctx context.Context, queue string, users []string) error {
	transport, err := sqstransport.New(ctx, queue)
	if err != nil {
		return err
	}
	if err := transport.Open(); err != nil {
		return err
	}
	// A client flushes after each call, which sends the call. Gather calls that share a message first.
	gathered := thrift.NewTMemoryBuffer()
	var output thrift.TTransport = transport
	if *packed {
		output = gathered
	}
	protocol := func(buffer thrift.TTransport) thrift.TProtocol {
		plain := protocols[*protocolName].GetProtocol(buffer)
		if *multiplexed {
			return thrift.NewTMultiplexedProtocol(plain, "BackupQueue")
		}
		return plain
	}
	var ids []string
	client := backup.NewBackupQueueClient(sqstransport.WholeCalls(output, protocol))
	for _, user := range users {
		request := &backup.BackupRequest{ID: rand.Text(), UserId: user, RequestedAt: time.Now().UnixMilli()}
		if *without != "" {
			request.ExcludedFolders = strings.Split(*without, ",")
		}
		if err := client.StartBackup(ctx, request); err != nil {
			return err
		}
		if *packed {
			ids = append(ids, request.ID)
		} else {
			fmt.Println(request.ID)
		}
	}
	if *packed {
		if _, err := transport.Write(gathered.Bytes()); err != nil {
			return err
		}
		if err := transport.Flush(ctx); err != nil {
			return err
		}
		fmt.Println(strings.Join(ids, "\n"))
	}
	return nil
}
