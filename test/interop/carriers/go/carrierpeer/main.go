// Go's side of the carriers' matrix: carrierpeer PLAN
//
// Opens the servers of the plan and prints their ports, then makes the calls of the plan. Prints a line for each call that came and for each
// failure. On the line "end" of its input, it checks that no server answered a call, and ends.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"

	"example.com/backup/gen/thrifttest"
)

const host = "127.0.0.1"

type cell struct {
	Queue       string  `json:"queue"`
	Transport   string  `json:"transport"`
	Protocol    string  `json:"protocol"`
	Port        int     `json:"port"`
	Connections [][]int `json:"connections"`
}

type plan struct {
	Calls   []call `json:"calls"`
	Clients []cell `json:"clients"`
	Servers []cell `json:"servers"`
	TLS     files  `json:"tls"`
}

type note struct {
	Queue    string `json:"queue"`
	Body     string `json:"body"`
	Protocol string `json:"protocol,omitempty"`
	Method   string `json:"method,omitempty"`
	Args     []any  `json:"args,omitempty"`
	Error    string `json:"error,omitempty"`
}

var printing sync.Mutex

func say(what any) {
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(string(must(json.Marshal(what))))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	constructors[reflect.TypeFor[*thrifttest.BoolTest]()] = reflect.ValueOf(thrifttest.NewBoolTest)
	todo := decode[plan](must(os.ReadFile(os.Args[1])))
	ports := map[string]int{}
	for _, one := range todo.Servers {
		ports[one.Queue] = serve(one, todo.TLS)
	}
	say(map[string]any{"ports": ports})
	var connections []connection
	for _, one := range todo.Clients {
		connections = append(connections, produce(one, todo)...)
	}
	if line, _ := bufio.NewReader(os.Stdin).ReadString('\n'); strings.TrimSpace(line) != "end" {
		panic("the input ended early")
	}
	for _, one := range connections {
		if problem := one.checkAnswer(); problem != "" {
			say(note{Queue: one.queue, Body: "answer", Error: problem})
		}
	}
}
