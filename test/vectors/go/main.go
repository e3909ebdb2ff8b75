// Prints the vectors as Apache Thrift's Go library writes them. Argument: cases.json.
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/apache/thrift/lib/go/thrift"

	"writevectors/vectors"
)

func protocol(name string, buffer *thrift.TMemoryBuffer) thrift.TProtocol {
	strict := name != "old-binary"
	configuration := &thrift.TConfiguration{TBinaryStrictWrite: &strict}
	switch name {
	case "compact":
		return thrift.NewTCompactProtocolConf(buffer, configuration)
	case "json":
		return thrift.NewTJSONProtocol(buffer)
	default:
		return thrift.NewTBinaryProtocolConf(buffer, configuration)
	}
}

func write(one call, protocolName string, multiplexed bool) string {
	buffer := thrift.NewTMemoryBuffer()
	out := protocol(protocolName, buffer)
	if multiplexed {
		out = thrift.NewTMultiplexedProtocol(out, "Vectors")
	}
	client := vectors.NewVectorsClient(thrift.NewTStandardClient(nil, out))
	invoke(client, one.Method, one.Args)
	return hex.EncodeToString(buffer.Bytes())
}

func version() string {
	for _, module := range must2(debug.ReadBuildInfo()).Deps {
		if module.Path == "github.com/apache/thrift" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	panic("built without modules")
}

func must2[T any](value T, ok bool) T {
	if !ok {
		panic("missing")
	}
	return value
}

func main() {
	cases := decode[[]call](must(os.ReadFile(os.Args[1])))
	protocols := []string{"binary", "compact", "json"}
	calls, multiplexed := map[string]map[string]string{}, map[string]string{}
	for _, name := range protocols {
		multiplexed[name] = write(cases[0], name, true)
	}
	for _, one := range cases {
		calls[one.Name] = map[string]string{}
		for _, name := range protocols {
			calls[one.Name][name] = write(one, name, false)
		}
	}
	result := map[string]any{
		"runtime":     "Apache Thrift " + version() + ", Go",
		"calls":       calls,
		"oldBinary":   write(cases[0], "old-binary", false),
		"multiplexed": multiplexed,
	}
	fmt.Println(string(must(json.Marshal(result))))
}
