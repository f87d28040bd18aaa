package fault

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestMain makes room for the templates, or is the house that a test kills.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(child())
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	flag.Parse()
	// These tests mostly wait: for a process to start, a lease to run out, a gap to be over.
	if err := flag.Set("test.parallel", "12"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var err error
	if scratch, err = os.MkdirTemp("", "weizheng-fault-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := forget(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// forget removes the templates.
func forget() error {
	if err := os.RemoveAll(scratch); err != nil {
		return err
	}
	made := templates[postgres]
	if made.name == "" || made.err != nil {
		return nil
	}
	ctx := context.Background()
	u, err := url.Parse(made.base)
	if err != nil {
		return err
	}
	u.Path = "/postgres"
	conn, err := pgx.Connect(ctx, u.String())
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "drop database "+made.name+" with (force)"); err != nil {
		return err
	}
	return conn.Close(ctx)
}
