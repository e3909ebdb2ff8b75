// Causes says for each verb of a transport, at a queue that is not there, whether its error is one of Thrift with that of the SDK in it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"example.com/backup/sqstransport"
	"github.com/apache/thrift/lib/go/thrift"
	"github.com/aws/smithy-go"
)

func tell(verb string, err error) {
	var ours thrift.TTransportException
	var cause *smithy.OperationError
	fmt.Println(verb, errors.As(err, &ours), errors.As(err, &cause))
}

func main() {
	ctx := context.Background()
	transport, err := sqstransport.New(ctx, "nowhere")
	if err != nil {
		log.Fatal(err)
	}
	tell("open", transport.Open())
	if _, err := transport.Write([]byte("body")); err != nil {
		log.Fatal(err)
	}
	tell("flush", transport.Flush(ctx))
	_, err = transport.Receive(ctx)
	tell("receive", err)
	tell("done", transport.Done(ctx))
}
