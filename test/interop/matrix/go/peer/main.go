// Go's side of the matrix: peer produce PLAN, or peer consume PLAN, which writes a line for each call into the plan's file.
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
	Calls    []call   `json:"calls"`
	Produce  []cell   `json:"produce"`
	Consume  []string `json:"consume"`
	Received string   `json:"received"`
}

type received struct {
	Queue    string  `json:"queue"`
	Body     int     `json:"body"`
	Protocol string  `json:"protocol,omitempty"`
	Method   string  `json:"method,omitempty"`
	Args     []any   `json:"args,omitempty"`
	Error    *string `json:"error,omitempty"`
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

func write(one call, protocol thrift.TProtocol) {
	client := thrifttest.NewThriftTestClient(thrift.NewTStandardClient(nil, protocol))
	invoke(client, one.Method, one.Args)
}

// produce gathers what shares a body in a buffer, since a client flushes after each call.
func produce(ctx context.Context, calls []call, to cell) {
	transport := open(ctx, to.Queue)
	for _, body := range to.Bodies {
		if len(body) == 1 {
			write(calls[body[0]], protocol(to.Protocol, transport))
			continue
		}
		buffer := thrift.NewTMemoryBuffer()
		for _, number := range body {
			write(calls[number], protocol(to.Protocol, buffer))
		}
		must(transport.Write(buffer.Bytes()))
		check(transport.Flush(ctx))
	}
	check(transport.Close())
}

func consume(ctx context.Context, queue string, out io.Writer) {
	transport := open(ctx, queue)
	for body := 0; must(transport.Receive(ctx)); body++ {
		note := received{Queue: queue, Body: body}
		calls, err := read(ctx, transport, &note)
		for _, one := range calls {
			fmt.Fprintln(out, string(must(json.Marshal(one))))
		}
		if err != nil {
			problem := err.Error()
			note.Error = &problem
			fmt.Fprintln(out, string(must(json.Marshal(note))))
		}
		// Also what could not be read: nothing may be left at the end.
		check(transport.Done(ctx))
	}
	check(transport.Close())
}

func read(ctx context.Context, transport *sqstransport.TSqsTransport, note *received) (calls []received, err error) {
	protocol, err := transport.Protocol()
	if err != nil {
		return nil, err
	}
	note.Protocol = nameOf(protocol)
	processor := thrifttest.NewThriftTestProcessor(handler{note: func(method string, args ...any) {
		one := *note
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

func main() {
	constructors[reflect.TypeFor[*thrifttest.BoolTest]()] = reflect.ValueOf(thrifttest.NewBoolTest)
	told := decode[plan](must(os.ReadFile(os.Args[2])))
	ctx := context.Background()
	if os.Args[1] == "produce" {
		for _, to := range told.Produce {
			produce(ctx, told.Calls, to)
		}
		return
	}
	out := must(os.Create(told.Received))
	for _, queue := range told.Consume {
		consume(ctx, queue, out)
	}
	check(out.Close())
}
