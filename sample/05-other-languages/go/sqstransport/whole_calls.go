package sqstransport

import (
	"context"
	"errors"

	"github.com/apache/thrift/lib/go/thrift"
)

type wholeCalls struct {
	transport thrift.TTransport
	protocol  func(thrift.TTransport) thrift.TProtocol
}

// WholeCalls serves the generated clients of any service, and may be kept. Their calls reach the transport completely or not at all.
//
// A write fails halfway if, for example, a set has a value twice. The rest in the buffer of the transport and in the state of the protocol,
// which for JSON has a buffer too, would spoil the next call. So each call has its own buffer and protocol.
func WholeCalls(transport thrift.TTransport, protocol func(thrift.TTransport) thrift.TProtocol) thrift.TClient {
	return &wholeCalls{transport, protocol}
}

func (w *wholeCalls) Call(ctx context.Context, method string, args, result thrift.TStruct) (thrift.ResponseMeta, error) {
	if result != nil {
		return thrift.ResponseMeta{}, errors.New(method + " is not oneway, and a queue brings no answers")
	}
	buffer := thrift.NewTMemoryBuffer()
	meta, err := thrift.NewTStandardClient(nil, w.protocol(buffer)).Call(ctx, method, args, nil)
	if err != nil {
		return meta, err
	}
	if _, err := w.transport.Write(buffer.Bytes()); err != nil {
		return meta, err
	}
	return meta, w.transport.Flush(ctx)
}
