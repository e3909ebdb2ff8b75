package main

import "fmt"

// shown is a text off the wire for a log: nothing in it breaks the line or gives orders to a terminal, and it is not long.
func shown(text string) string {
	quoted := fmt.Sprintf("%.500q", text)
	return quoted[1 : len(quoted)-1]
}
