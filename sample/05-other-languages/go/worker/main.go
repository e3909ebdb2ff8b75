// Worker handles the calls of a queue: worker [-reports QUEUE] [-wait SECONDS] QUEUE
//
// SIGTERM and SIGINT end the worker after the call in hand. The worker leaves a message with further calls whole. Without a message the
// worker ends with its long poll, so that no message is lost on the way.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/backup/gen/backup"
	"example.com/backup/sqstransport"
	"github.com/apache/thrift/lib/go/thrift"
)

func newProcessor(h *handler) thrift.TProcessor {
	processor := thrift.NewTMultiplexedProcessor()
	processor.RegisterProcessor("BackupQueue", backup.NewBackupQueueProcessor(h))
	processor.RegisterProcessor("BackupReports", backup.NewBackupReportsProcessor(h))
	// Serves calls that do not name their service.
	processor.RegisterDefault(backup.NewBackupQueueProcessor(h))
	return processor
}

// handleMessage handles each call of the message in hand. It removes the message if all calls succeed, and leaves it when the worker must end.
func handleMessage(ctx, stopping context.Context, transport *sqstransport.TSqsTransport, processor thrift.TProcessor) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("a handler panicked: %v", panicked)
		}
	}()
	calls, err := transport.Protocol()
	if err != nil {
		return err
	}
	// Processors write an answer only about a call that never reached its handler. Process returns that as an error too.
	noAnswer := thrift.NewTBinaryProtocolConf(thrift.NewStreamTransportW(io.Discard), nil)
	var failed error
	for sqstransport.HasMore(calls) {
		// One message can hold many thousands of calls.
		if stopping.Err() != nil {
			transport.Leave()
			return failed
		}
		understood, err := processor.Process(ctx, calls, noAnswer)
		if err != nil && !understood {
			return err
		} else if err != nil {
			failed = err
		}
	}
	if failed != nil {
		return failed
	}
	return transport.Done(ctx)
}

func open(ctx context.Context, queue string, waitSeconds int) *sqstransport.TSqsTransport {
	transport, err := sqstransport.New(ctx, queue)
	if err == nil {
		transport.WaitSeconds = int32(waitSeconds)
		err = transport.Open()
	}
	if err != nil {
		log.Fatal(err)
	}
	return transport
}

func main() {
	reports := flag.String("reports", "", "queue for the reports of each backup")
	wait := flag.Int("wait", 20, "seconds that a poll waits")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: worker [-reports QUEUE] [-wait SECONDS] QUEUE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	// The context has no signal, so that the call in hand can finish.
	ctx := context.Background()
	h := &handler{}
	if *reports != "" {
		binary := thrift.NewTBinaryProtocolFactoryConf(nil)
		h.reports = backup.NewBackupReportsClient(sqstransport.WholeCalls(open(ctx, *reports, *wait), binary.GetProtocol))
	}
	processor := newProcessor(h)
	transport := open(ctx, flag.Arg(0), *wait)
	fmt.Println("waiting for calls")
	for stopping.Err() == nil {
		received, err := transport.Receive(ctx)
		if err == nil && received {
			err = handleMessage(ctx, stopping, transport, processor)
		}
		if err == nil {
			continue
		}
		log.Print("not handled: ", shown(err.Error()))
		// Without a message in hand SQS itself failed, so pause.
		if !transport.Leave() {
			select {
			case <-stopping.Done():
			case <-time.After(time.Second):
			}
		}
	}
}
