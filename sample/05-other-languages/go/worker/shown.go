package main

import "fmt"

// shown makes text from the wire safe for a log: it escapes line breaks and terminal commands, and cuts long text.
func shown(text string) string {
	quoted := fmt.Sprintf("%.500q", text)
	return quoted[1 : len(quoted)-1]
}
