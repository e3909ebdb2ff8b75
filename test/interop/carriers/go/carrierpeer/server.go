package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"reflect"
	"strconv"
	"sync/atomic"

	"github.com/apache/thrift/lib/go/thrift"

	"example.com/backup/gen/thrifttest"
)

// notingProcessor prints what it cannot read, and fails with it as the official processor does.
type notingProcessor struct {
	thrift.TProcessor
	cell   cell
	bodies *atomic.Int64
}

func processor(of cell) thrift.TProcessor {
	bodies := &atomic.Int64{}
	official := thrifttest.NewThriftTestProcessor(handler{note: func(method string, args ...any) {
		one := note{Queue: of.Queue, Body: strconv.FormatInt(bodies.Add(1), 10), Protocol: of.Protocol, Method: method}
		for _, arg := range args {
			one.Args = append(one.Args, plain(reflect.ValueOf(arg)))
		}
		say(one)
	}})
	return notingProcessor{official, of, bodies}
}

func (p notingProcessor) Process(ctx context.Context, in, out thrift.TProtocol) (bool, thrift.TException) {
	ok, err := p.TProcessor.Process(ctx, in, out)
	// A client that hangs up between two messages is no failure.
	if err != nil && !isEnd(err) {
		say(note{Queue: p.cell.Queue, Body: strconv.FormatInt(p.bodies.Add(1), 10), Error: err.Error()})
	}
	return ok, err
}

func isEnd(err error) bool {
	var transport thrift.TTransportException
	return errors.Is(err, io.EOF) || errors.As(err, &transport) && transport.TypeId() == thrift.END_OF_FILE
}

// serve starts a server and gives its port.
func serve(one cell, secrets files) int {
	factory := protocols(one.Protocol)
	address := host + ":0"
	switch one.Transport {
	case "http":
		listener := must(net.Listen("tcp", address))
		go func() { check(http.Serve(listener, http.HandlerFunc(thrift.NewThriftHandlerFunc(processor(one), factory, factory)))) }()
		return portOf(listener.Addr())
	case "tls":
		socket := must(thrift.NewTSSLServerSocket(address, secrets.config()))
		check(socket.Listen())
		go serveCalls(one, socket, thrift.NewTFramedTransportFactoryConf(thrift.NewTTransportFactory(), nil))
		return portOf(socket.Addr())
	}
	socket := must(thrift.NewTServerSocket(address))
	check(socket.Listen())
	transports := thrift.NewTTransportFactory()
	if one.Transport == "framed" {
		transports = thrift.NewTFramedTransportFactoryConf(transports, nil)
	}
	go serveCalls(one, socket, transports)
	return portOf(socket.Addr())
}

func serveCalls(one cell, socket thrift.TServerTransport, transports thrift.TTransportFactory) {
	check(thrift.NewTSimpleServer4(processor(one), socket, transports, protocols(one.Protocol)).Serve())
}

func portOf(address net.Addr) int {
	return address.(*net.TCPAddr).Port
}
