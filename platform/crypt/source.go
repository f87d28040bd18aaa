package crypt

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// sourceTimeout is how long a key service's command may take: starting must fail before a supervisor loses patience.
const sourceTimeout = 20 * time.Second

// OpenSource reads the ring from where the configuration says: a file path, "env:NAME" for a variable that holds the
// file's content, or "exec:/path/to/command" for a program that prints it (the hook for a key service; it is run
// without arguments and without a shell).
func OpenSource(ctx context.Context, source string) (*Ring, error) {
	if name, ok := strings.CutPrefix(source, "env:"); ok {
		content := os.Getenv(name)
		if content == "" {
			return nil, fmt.Errorf("crypt: the variable %s holds no key ring", name)
		}
		return ParseRing([]byte(content))
	}
	if program, ok := strings.CutPrefix(source, "exec:"); ok {
		ctx, cancel := context.WithTimeout(ctx, sourceTimeout)
		defer cancel()
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, program)
		cmd.Stdout = &out
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("crypt: key service %s: %w", program, err)
		}
		return ParseRing(out.Bytes())
	}
	return LoadRing(source)
}
