package sqstransport

import (
	"bytes"
	"fmt"

	"github.com/apache/thrift/lib/go/thrift"
)

// Protocol selects the protocol of the message in hand by its first byte, because producers may differ.
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

// HasMore returns true if the message in hand has unread bytes, because it may hold several calls.
func HasMore(protocol thrift.TProtocol) bool {
	// The JSON protocol reads ahead and knows which bytes are left.
	if ahead, ok := protocol.(thrift.ReadSizeProvider); ok {
		return ahead.RemainingBytes() > 0
	}
	return protocol.Transport().RemainingBytes() > 0
}
