// Package worktimeweb is the faces of worktime: the working calendar in the console, its import, a calculator, and the command
// that counts a term without a house.
package worktimeweb

import (
	_ "embed"

	"weizheng/part"
)

//go:embed text.zh.json
var texts []byte

// Part is everything that worktime adds to the house.
func Part() part.Part {
	return part.Part{Name: "worktime", Texts: texts}
}
