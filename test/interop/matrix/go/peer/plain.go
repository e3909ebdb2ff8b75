package main

import (
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/apache/thrift/lib/go/thrift"
)

// plain is what a handler was called with as JSON that every language can make of its values: integers as decimal text, doubles as their
// bits in hex or NaN, binary as hex, sets as lists, maps as lists of pairs, structs as the fields that came or have a default.
func plain(value reflect.Value) any {
	switch value.Kind() {
	case reflect.Bool:
		return value.Bool()
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(value.Int(), 10)
	case reflect.Float64:
		if math.IsNaN(value.Float()) {
			return "NaN"
		}
		return fmt.Sprintf("%016x", math.Float64bits(value.Float()))
	case reflect.String:
		// Keys of maps that are binary are strings, too. Of the cases, only these are not UTF-8.
		if !utf8.ValidString(value.String()) {
			return hex.EncodeToString([]byte(value.String()))
		}
		return value.String()
	case reflect.Array:
		return value.Interface().(thrift.Tuuid).String()
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			return hex.EncodeToString(value.Bytes())
		}
		items := []any{}
		for i := range value.Len() {
			items = append(items, plain(value.Index(i)))
		}
		return items
	case reflect.Map:
		pairs := [][2]any{}
		for _, key := range value.MapKeys() {
			pairs = append(pairs, [2]any{plain(key), plain(value.MapIndex(key))})
		}
		return pairs
	case reflect.Pointer:
		if value.Elem().Kind() != reflect.Struct {
			return plain(value.Elem())
		}
		return fields(value)
	}
	panic("no value of Thrift: " + value.Type().String())
}

func fields(pointer reflect.Value) map[string]any {
	found := map[string]any{}
	for i := range pointer.Elem().NumField() {
		field, declared := pointer.Elem().Field(i), pointer.Elem().Type().Field(i)
		if isAbsent(field) {
			// The default of an optional field is what its getter gives, and nil without one.
			field = pointer.MethodByName("Get" + declared.Name).Call(nil)[0]
			if !hasDefault(field) {
				continue
			}
		}
		found[idlName(declared)] = plain(field)
	}
	return found
}

func isAbsent(field reflect.Value) bool {
	switch field.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return field.IsNil()
	}
	return false
}

func hasDefault(got reflect.Value) bool {
	return !got.IsZero()
}
