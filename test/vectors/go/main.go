// Prints the vectors as Apache Thrift's Go library writes them. Argument: cases.json.
package main

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/apache/thrift/lib/go/thrift"

	"writevectors/vectors"
)

type call struct {
	Name   string          `json:"name"`
	Method string          `json:"method"`
	Args   json.RawMessage `json:"args"`
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func decode[T any](raw json.RawMessage) (value T) {
	if err := json.Unmarshal(raw, &value); err != nil {
		panic(err)
	}
	return value
}

// members gives the names and values of a JSON object in their order, which a Go map would lose.
func members(raw json.RawMessage) (names []string, values []json.RawMessage) {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	must(decoder.Token())
	for decoder.More() {
		names = append(names, must(decoder.Token()).(string))
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			panic(err)
		}
		values = append(values, value)
	}
	return names, values
}

func set(target reflect.Value, tagged json.RawMessage) {
	parts := decode[[]json.RawMessage](tagged)
	kind, data := decode[string](parts[0]), parts[1]
	if target.Kind() == reflect.Pointer {
		target.Set(reflect.New(target.Type().Elem()))
		// A constructor would put defaults in; the structs of the vectors have none.
		target = target.Elem()
	}
	switch kind {
	case "bool":
		target.SetBool(decode[bool](data))
	case "i8", "i16", "i32", "enum":
		target.SetInt(decode[int64](data))
	case "i64":
		target.SetInt(must(strconv.ParseInt(decode[string](data), 10, 64)))
	case "double":
		bits := binary.BigEndian.Uint64(must(hex.DecodeString(decode[string](data))))
		target.SetFloat(math.Float64frombits(bits))
	case "string":
		target.SetString(decode[string](data))
	case "binary":
		target.SetBytes(append([]byte{}, must(hex.DecodeString(decode[string](data)))...))
	case "uuid":
		target.Set(reflect.ValueOf(must(thrift.ParseTuuid(decode[string](data)))))
	case "list", "set":
		items := decode[[]json.RawMessage](data)
		target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
		for i, item := range items {
			set(target.Index(i), item)
		}
	case "map":
		target.Set(reflect.MakeMap(target.Type()))
		for _, pair := range decode[[][2]json.RawMessage](data) {
			key, value := reflect.New(target.Type().Key()).Elem(), reflect.New(target.Type().Elem()).Elem()
			set(key, pair[0])
			set(value, pair[1])
			target.SetMapIndex(key, value)
		}
	case "struct":
		names, values := members(data)
		for i, name := range names {
			// The compiler writes initialisms in capitals.
			same := func(member string) bool { return strings.EqualFold(member, name) }
			set(target.FieldByNameFunc(same), values[i])
		}
	default:
		panic("unknown kind " + kind)
	}
}

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
	method := reflect.ValueOf(client).MethodByName(strings.ToUpper(one.Method[:1]) + one.Method[1:])
	in := []reflect.Value{reflect.ValueOf(context.Background())}
	_, values := members(one.Args)
	for _, tagged := range values {
		parameter := reflect.New(method.Type().In(len(in))).Elem()
		set(parameter, tagged)
		in = append(in, parameter)
	}
	if err := method.Call(in)[0]; !err.IsNil() {
		panic(err.Interface())
	}
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
