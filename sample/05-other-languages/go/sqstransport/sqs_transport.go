// Package sqstransport implements a transport of Apache Thrift over Amazon SQS. Each flush sends the written body as one message.
package sqstransport

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// TSqsTransport sends to and receives from one queue. It serves oneway calls only, because a queue carries no answers.
//
// A read ends with the body of the message in hand, so that a truncated body does not continue in the next message. Then Done removes the
// message, or Leave returns it to the queue when its visibility timeout ends.
type TSqsTransport struct {
	// WaitSeconds limits the wait of one Receive.
	WaitSeconds int32

	client  *sqs.Client
	queue   string
	url     *string
	written []byte
	receipt *string
	body    []byte
	unread  *bytes.Reader
}

var _ thrift.TTransport = (*TSqsTransport)(nil)

// New creates the transport of a queue, at the SQS of the environment.
func New(ctx context.Context, queue string) (*TSqsTransport, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	return &TSqsTransport{WaitSeconds: 20, client: sqs.NewFromConfig(cfg), queue: queue, unread: bytes.NewReader(nil)}, nil
}

func (t *TSqsTransport) IsOpen() bool { return t.url != nil }

func (t *TSqsTransport) Open() error {
	found, err := t.client.GetQueueUrl(context.Background(), &sqs.GetQueueUrlInput{QueueName: &t.queue})
	if err != nil {
		return t.failed("open", err)
	}
	t.url = found.QueueUrl
	return nil
}

func (t *TSqsTransport) Close() error {
	t.Leave()
	t.url = nil
	return nil
}

// Write takes a body in one piece, as WholeCalls writes it. In pieces, half of a failed call would get into the next message.
func (t *TSqsTransport) Write(p []byte) (int, error) {
	if len(t.written) > 0 {
		t.written = nil
		return 0, thrift.NewTTransportException(thrift.UNKNOWN_TRANSPORT_EXCEPTION, "a body is written in one piece, by WholeCalls")
	}
	t.written = bytes.Clone(p)
	return len(p), nil
}

// Flush sends the written body. The queue has stored the message when Flush returns.
func (t *TSqsTransport) Flush(ctx context.Context) error {
	written := t.written
	t.written = nil
	if len(written) == 0 {
		return nil
	}
	// JSON is text already. Other protocols need base64, because a message is text.
	text := string(written)
	if text[0] != '[' {
		text = base64.StdEncoding.EncodeToString(written)
	}
	_, err := t.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: t.url, MessageBody: &text})
	return t.failed("send to", err)
}

func (t *TSqsTransport) Read(p []byte) (int, error) {
	for t.receipt == nil {
		if _, err := t.Receive(context.Background()); err != nil {
			return 0, err
		}
	}
	return t.unread.Read(p)
}

// Receive waits for a message and takes it in hand. It returns false without a message, and an error if the body is neither base64 nor JSON.
func (t *TSqsTransport) Receive(ctx context.Context) (bool, error) {
	input := &sqs.ReceiveMessageInput{QueueUrl: t.url, WaitTimeSeconds: t.WaitSeconds, MaxNumberOfMessages: 1}
	received, err := t.client.ReceiveMessage(ctx, input)
	if err != nil || len(received.Messages) == 0 {
		return false, t.failed("receive from", err)
	}
	message := received.Messages[0]
	t.receipt = message.ReceiptHandle
	body := []byte(aws.ToString(message.Body))
	if bytes.HasPrefix(body, []byte("[")) {
		// JSON may end in blanks, which a reader would take for another call.
		body = bytes.TrimRight(body, " \t\r\n")
	} else if body, err = base64.StdEncoding.DecodeString(string(body)); err != nil {
		err = fmt.Errorf("message %s is not base64: %w", aws.ToString(message.MessageId), err)
		return true, thrift.NewTTransportExceptionFromError(err)
	}
	t.body, t.unread = body, bytes.NewReader(body)
	return true, nil
}

// RemainingBytes returns the unread bytes of the message in hand. No value in it can be longer, whatever it declares.
func (t *TSqsTransport) RemainingBytes() uint64 {
	if t.receipt == nil {
		return thrift.UnknownRemainingBytes
	}
	return uint64(t.unread.Len())
}

// Done removes the message in hand, whose calls were all handled.
func (t *TSqsTransport) Done(ctx context.Context) error {
	_, err := t.client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: t.url, ReceiptHandle: t.receipt})
	if err == nil {
		t.Leave()
	}
	return t.failed("delete from", err)
}

// Leave leaves the message in hand, which comes back. It returns false without a message.
func (t *TSqsTransport) Leave() bool {
	had := t.receipt != nil
	t.receipt, t.body, t.unread = nil, nil, bytes.NewReader(nil)
	return had
}

// failed wraps an error of the SDK in an error of Thrift. It returns nil for nil.
func (t *TSqsTransport) failed(verb string, err error) error {
	if err == nil {
		return nil
	}
	return thrift.NewTTransportExceptionFromError(fmt.Errorf("cannot %s the queue %s: %w", verb, t.queue, err))
}
