package sqstransport

import (
	"bytes"
	"fmt"

	"github.com/apache/thrift/lib/go/thrift"
)

// Protocol is what the message in hand is written in, by its first byte; producers may differ.
func (t *TSqsTransport) Protocol() (thrift.TProtocol, error) {
	switch {
	case bytes.HasPrefix(t.body, []byte{0x80}):
		return thrift.NewTBinaryProtocolConf(t, nil), nil
	case bytes.HasPrefix(t.body, []byte{0x82}):
		return thrift.NewTCompactProtocolConf(t, nil), nil
	case bytes.HasPrefix(t.body, []byte{'['}):
		return thrift.NewTJSONProtocol(t), nil
	}
	return nil, thrift.NewTProtocolExceptionWithType(thrift.BAD_VERSION, fmt.Errorf("no protocol begins as the %d bytes", len(t.body)))
}

// HasMore says whether bytes of the message in hand are left to read: it may hold several calls.
func HasMore(protocol thrift.TProtocol) bool {
	// The JSON protocol reads ahead and knows what of that is left.
	if ahead, ok := protocol.(thrift.ReadSizeProvider); ok {
		return ahead.RemainingBytes() > 0
	}
	return protocol.Transport().RemainingBytes() > 0
}
