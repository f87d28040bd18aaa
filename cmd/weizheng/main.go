// Command weizheng runs a government's WeChat Official Accounts. It parses commands, wires signals to a context and maps
// errors to exit codes; what the commands do stands in app.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"weizheng/app"
)

// version is set by the build.
var version = "dev"

func main() { os.Exit(run(os.Args[1:])) }

// Exit codes: 0 done, 1 failed, 2 wrong usage.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := app.Command(version, os.Stdout, os.Stderr).Run(ctx, args)
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return 0
	case errors.Is(err, app.ErrUsage):
		fmt.Fprintln(os.Stderr, "weizheng:", err)
		return 2
	default:
		fmt.Fprintln(os.Stderr, "weizheng:", err)
		return 1
	}
}
