// Go's side of the matrix: peer produce|consume PLAN
//
// Writes a line into the plan's file for each call that came and for each message that could not be sent or read.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/apache/thrift/lib/go/thrift"

	"example.com/backup/gen/thrifttest"
	"example.com/backup/sqstransport"
)

type cell struct {
	Queue    string  `json:"queue"`
	Protocol string  `json:"protocol"`
	Bodies   [][]int `json:"bodies"`
}

type plan struct {
	Calls   []call   `json:"calls"`
	Produce []cell   `json:"produce"`
	Consume []string `json:"consume"`
	Notes   string   `json:"notes"`
}

type note struct {
	Queue    string `json:"queue"`
	Body     int    `json:"body"`
	Protocol string `json:"protocol,omitempty"`
	Method   string `json:"method,omitempty"`
	Args     []any  `json:"args,omitempty"`
	Error    string `json:"error,omitempty"`
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func open(ctx context.Context, queue string) *sqstransport.TSqsTransport {
	transport := must(sqstransport.New(ctx, queue))
	transport.WaitSeconds = 0
	check(transport.Open())
	return transport
}

func protocol(name string, transport thrift.TTransport) thrift.TProtocol {
	switch name {
	case "binary":
		return thrift.NewTBinaryProtocolConf(transport, nil)
	case "compact":
		return thrift.NewTCompactProtocolConf(transport, nil)
	}
	return thrift.NewTJSONProtocol(transport)
}

func nameOf(protocol thrift.TProtocol) string {
	switch protocol.(type) {
	case *thrift.TBinaryProtocol:
		return "binary"
	case *thrift.TCompactProtocol:
		return "compact"
	}
	return "json"
}

func write(one call, name string, transport thrift.TTransport) {
	calls := sqstransport.WholeCalls(transport, func(buffer thrift.TTransport) thrift.TProtocol { return protocol(name, buffer) })
	invoke(thrifttest.NewThriftTestClient(calls), one.Method, one.Args)
}

func produce(ctx context.Context, calls []call, to cell, notes io.Writer) {
	transport := open(ctx, to.Queue)
	for number, body := range to.Bodies {
		var together []call
		for _, position := range body {
			together = append(together, calls[position])
		}
		if err := send(ctx, transport, to.Protocol, together); err != nil {
			tell(notes, note{Queue: to.Queue, Body: number, Error: "not sent: " + err.Error()})
		}
	}
	check(transport.Close())
}

// send gathers what shares a body in a buffer and flushes it as one, since a client flushes after each call.
func send(ctx context.Context, transport *sqstransport.TSqsTransport, name string, calls []call) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("%v", problem)
		}
	}()
	if len(calls) == 1 {
		write(calls[0], name, transport)
		return nil
	}
	buffer := thrift.NewTMemoryBuffer()
	for _, one := range calls {
		write(one, name, buffer)
	}
	must(transport.Write(buffer.Bytes()))
	return transport.Flush(ctx)
}

func consume(ctx context.Context, queue string, notes io.Writer) {
	transport := open(ctx, queue)
	for body := 0; must(transport.Receive(ctx)); body++ {
		about := note{Queue: queue, Body: body}
		calls, err := read(ctx, transport, &about)
		for _, one := range calls {
			tell(notes, one)
		}
		if err != nil {
			about.Error = err.Error()
			tell(notes, about)
		}
		// Also what could not be read: nothing may be left at the end.
		check(transport.Done(ctx))
	}
	check(transport.Close())
}

func read(ctx context.Context, transport *sqstransport.TSqsTransport, about *note) (calls []note, err error) {
	protocol, err := transport.Protocol()
	if err != nil {
		return nil, err
	}
	about.Protocol = nameOf(protocol)
	processor := thrifttest.NewThriftTestProcessor(handler{note: func(method string, args ...any) {
		one := *about
		one.Method = method
		for _, arg := range args {
			one.Args = append(one.Args, plain(reflect.ValueOf(arg)))
		}
		calls = append(calls, one)
	}})
	for sqstransport.HasMore(protocol) {
		if _, err := processor.Process(ctx, protocol, protocol); err != nil {
			return calls, err
		}
	}
	return calls, nil
}

func tell(notes io.Writer, one note) {
	must(fmt.Fprintln(notes, string(must(json.Marshal(one)))))
}

func main() {
	constructors[reflect.TypeFor[*thrifttest.BoolTest]()] = reflect.ValueOf(thrifttest.NewBoolTest)
	told := decode[plan](must(os.ReadFile(os.Args[2])))
	notes := must(os.Create(told.Notes))
	ctx := context.Background()
	if os.Args[1] == "produce" {
		for _, to := range told.Produce {
			produce(ctx, told.Calls, to, notes)
		}
	} else {
		for _, queue := range told.Consume {
			consume(ctx, queue, notes)
		}
	}
	check(notes.Close())
}
