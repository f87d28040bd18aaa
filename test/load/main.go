package main

import (
	"fmt"
	"os"
)

func main() {
	run := map[string]func([]string) error{"sdk": sdk, "fire": fire}
	if len(os.Args) < 2 || run[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: load sdk|fire …")
		os.Exit(2)
	}
	if err := run[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
