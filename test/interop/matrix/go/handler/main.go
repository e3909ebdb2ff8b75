// Prints the source of a handler that notes the arguments of every method, for Go makes no types at run time.
package main

import (
	"fmt"
	"reflect"
	"strings"

	"example.com/backup/gen/thrifttest"
)

const head = `package main

import (
	"context"

	"example.com/backup/gen/thrifttest"
	"example.com/backup/gen/vectors"
	"github.com/apache/thrift/lib/go/thrift"
)

type handler struct{ note func(method string, args ...any) }

var _ thrifttest.ThriftTest = handler{}
`

func main() {
	fmt.Print(head)
	service := reflect.TypeFor[thrifttest.ThriftTest]()
	for i := range service.NumMethod() {
		method := service.Method(i)
		parameters, names := "", ""
		// The context is not noted.
		for p := 1; p < method.Type.NumIn(); p++ {
			parameters += fmt.Sprintf(", arg%d %s", p, method.Type.In(p))
			names += fmt.Sprintf(", arg%d", p)
		}
		idlName := strings.ToLower(method.Name[:1]) + method.Name[1:]
		fmt.Printf("\nfunc (h handler) %s(_ context.Context%s) error {\n\th.note(%q%s)\n\treturn nil\n}\n", method.Name, parameters, idlName, names)
	}
}
