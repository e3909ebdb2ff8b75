// Values of cases.json as what code of the Apache compiler takes.
package main

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/apache/thrift/lib/go/thrift"
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

// constructors of the structs that have defaults, which only those put in, by the pointers they give.
var constructors = map[reflect.Type]reflect.Value{}

func create(pointer reflect.Type) reflect.Value {
	if constructor, found := constructors[pointer]; found {
		return constructor.Call(nil)[0]
	}
	return reflect.New(pointer.Elem())
}

// member is the field of a struct that the IDL calls by the name.
func member(target reflect.Value, name string) reflect.Value {
	for i := range target.NumField() {
		if idlName(target.Type().Field(i)) == name {
			return target.Field(i)
		}
	}
	panic(target.Type().Name() + " has no " + name)
}

func idlName(field reflect.StructField) string {
	if name, _, _ := strings.Cut(field.Tag.Get("thrift"), ","); name != "" {
		return name
	}
	// Structs with negative ids have no tags.
	return strings.ToLower(field.Name[:1]) + field.Name[1:]
}

func set(target reflect.Value, tagged json.RawMessage) {
	parts := decode[[]json.RawMessage](tagged)
	kind, data := decode[string](parts[0]), parts[1]
	if target.Kind() == reflect.Pointer {
		target.Set(create(target.Type()))
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
		bytes := append([]byte{}, must(hex.DecodeString(decode[string](data)))...)
		// As the key of a map it is a string.
		if target.Kind() == reflect.String {
			target.SetString(string(bytes))
		} else {
			target.SetBytes(bytes)
		}
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
			set(member(target, name), values[i])
		}
	default:
		panic("unknown kind " + kind)
	}
}

// invoke calls a client's method with arguments of cases.json.
func invoke(client any, name string, args json.RawMessage) {
	method := reflect.ValueOf(client).MethodByName(strings.ToUpper(name[:1]) + name[1:])
	in := []reflect.Value{reflect.ValueOf(context.Background())}
	_, values := members(args)
	for _, tagged := range values {
		parameter := reflect.New(method.Type().In(len(in))).Elem()
		set(parameter, tagged)
		in = append(in, parameter)
	}
	if err := method.Call(in)[0]; !err.IsNil() {
		panic(err.Interface())
	}
}
