package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"

	"github.com/apache/thrift/lib/go/thrift"

	"example.com/backup/gen/thrifttest"
)

// files names the certificate that both ends show, and its key.
type files struct {
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
}

func (f files) config() *tls.Config {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(must(os.ReadFile(f.Certificate))) {
		panic("no certificate in " + f.Certificate)
	}
	return &tls.Config{
		Certificates: []tls.Certificate{must(tls.LoadX509KeyPair(f.Certificate, f.Key))},
		RootCAs:      pool,
		ClientCAs:    pool,
		ClientAuth:   tls.RequireAndVerifyClientCert,
	}
}

// connection is a socket over which calls went.
type connection struct {
	queue string
	conn  net.Conn
}

// checkAnswer ends the direction to the server. All that comes before the server does the same is an answer.
func (c connection) checkAnswer() string {
	defer c.conn.Close()
	if err := c.conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		return "the connection failed: " + err.Error()
	}
	left, err := io.ReadAll(c.conn)
	if err != nil {
		return "the connection failed: " + err.Error()
	}
	if len(left) > 0 {
		return fmt.Sprintf("answered with %d bytes", len(left))
	}
	return ""
}

func protocols(name string) thrift.TProtocolFactory {
	switch name {
	case "binary":
		return thrift.NewTBinaryProtocolFactoryConf(nil)
	case "compact":
		return thrift.NewTCompactProtocolFactoryConf(nil)
	}
	return thrift.NewTJSONProtocolFactory()
}

// connect gives the transport of a client, and the connection below it unless that is HTTP.
func connect(to cell, secrets files) (thrift.TTransport, net.Conn) {
	address := net.JoinHostPort(host, strconv.Itoa(to.Port))
	switch to.Transport {
	case "http":
		return must(thrift.NewTHttpClient("http://" + address + "/thrift")), nil
	case "tls":
		conn := must(tls.Dial("tcp", address, secrets.config()))
		return thrift.NewTFramedTransportConf(thrift.NewTSSLSocketFromConnConf(conn, nil), nil), conn
	}
	// The socket of the library hides the connection that it opens itself, which then cannot be closed in one direction.
	conn := must(net.Dial("tcp", address))
	return wrap(to.Transport, thrift.NewTSocketFromConnConf(conn, nil)), conn
}

func wrap(name string, socket thrift.TTransport) thrift.TTransport {
	switch name {
	case "framed":
		return thrift.NewTFramedTransportConf(socket, nil)
	case "buffered":
		return thrift.NewTBufferedTransport(socket, 8192)
	}
	return socket
}

// produce makes the calls of a cell, those of one list over one connection.
func produce(to cell, todo plan) (made []connection) {
	for _, positions := range to.Connections {
		transport, conn := connect(to, todo.TLS)
		if conn != nil {
			made = append(made, connection{to.Queue, conn})
		}
		client := thrifttest.NewThriftTestClientFactory(transport, protocols(to.Protocol))
		for _, position := range positions {
			if problem := send(client, transport, todo.Calls[position], conn == nil); problem != nil {
				say(note{Queue: to.Queue, Body: strconv.Itoa(position), Error: fmt.Sprintf("not sent: %v", problem)})
			}
		}
	}
	return made
}

// send fails if the server answers with more than the status of HTTP.
func send(client any, transport thrift.TTransport, one call, answered bool) (problem any) {
	defer func() {
		if recovered := recover(); recovered != nil {
			problem = recovered
		}
	}()
	invoke(client, one.Method, one.Args)
	if answered {
		if read, _ := transport.Read(make([]byte, 1)); read > 0 {
			return "answered with a body"
		}
	}
	return nil
}
