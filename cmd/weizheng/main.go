// Command weizheng runs a government's WeChat Official Accounts. It parses commands, wires signals to a context and maps
// errors to exit codes; what the commands do stands in app.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"weizheng/app"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// version is set by the build.
var version = "dev"

func main() { os.Exit(run(os.Args[1:])) }

// Exit codes: 0 done, 1 failed, 2 wrong usage.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	crewed()
	go tend(ctx)
	err := app.Command(version, os.Stdout, os.Stderr).Run(ctx, args)
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return 0
	case errors.Is(err, app.ErrUsage):
		fmt.Fprintln(os.Stderr, "weizheng:", err)
		return 2
	default:
		fmt.Fprintln(os.Stderr, "weizheng:", err)
		if next := explain(err); next != "" {
			fmt.Fprintln(os.Stderr, next)
		}
		return 1
	}
}

// explain says what to do about an error of the ground: a locked folder, a database that cannot be opened. Others speak
// for themselves.
func explain(err error) string {
	e := errs.As(err)
	texts, broken := web.NewTexts()
	if broken != nil || e.Kind() == errs.Internal || !strings.HasPrefix(e.Key(), "db.") || !texts.Has(e.Key()) {
		return ""
	}
	return texts.Say(e.Key(), e.Params())
}
