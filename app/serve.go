package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"weizheng/kernel/org"
	"weizheng/platform/clock"
	"weizheng/platform/conf"
	"weizheng/platform/crypt"
	"weizheng/web/citizen"
	"weizheng/web/console"
)

// Serve runs the house until ctx ends. Until each of the three administrators has used their link, once, it
// serves nothing else; see setup.
func Serve(ctx context.Context, c Config, out io.Writer) (err error) {
	setup := &setup{}
	c.Admit = setup.admit
	h, err := Build(ctx, c)
	if err != nil {
		return err
	}
	defer func() {
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdown)
		defer cancel()
		err = errors.Join(err, h.Stop(bye), h.Close())
	}()
	if err := setup.begin(ctx, h, out); err != nil {
		return err
	}
	if console.Placeholder() {
		h.log.WarnContext(ctx, "the console was not built into this binary: run make build")
	}
	if built, err := citizen.Built(); err == nil && built.Placeholder {
		h.log.WarnContext(ctx, "the citizen pages' style was not built into this binary: run make build")
	}
	if err := h.Start(ctx); err != nil {
		return err
	}
	h.log.InfoContext(ctx, "serving", "listen", h.Server.Addr().String(), "public_url", c.PublicURL, "version", c.Version)
	select {
	case <-ctx.Done():
		return nil
	case err := <-h.Server.Failed():
		return err
	}
}

// Init makes the key file if there is none, the root unit and the three administrators, and prints a link for each.
func Init(ctx context.Context, c Config, in org.InitIn, out io.Writer) (err error) {
	if c.Ring == nil {
		if strings.HasPrefix(c.Keys, "env:") || strings.HasPrefix(c.Keys, "exec:") {
			return fmt.Errorf("the key ring at %s cannot be read", c.Keys)
		}
		if _, err := os.Stat(c.Keys); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("the key file %s is there but cannot be read: %w", c.Keys, err)
		}
		if c.Ring, err = crypt.NewRing(rand.Reader); err != nil {
			return err
		}
		if err := c.Ring.Save(c.Keys); err != nil {
			return fmt.Errorf("write the key file: %w", err)
		}
		say(out, "密钥文件已生成：%s（请另存一份到安全的地方；丢失后数据无法解开）\n", c.Keys)
	}
	h, err := Build(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	links, err := h.Org.Init(ctx, in)
	if err != nil {
		return err
	}
	for _, l := range links {
		say(out, "%s（%s）：%s%s\n", l.Name, l.Login, c.PublicURL, l.Path())
	}
	return nil
}

// RunPart runs a command that a part contributes on a house that is not started.
func RunPart(ctx context.Context, c Config, out io.Writer, args []string) (err error) {
	h, err := Build(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	words := strings.Join(args, " ")
	for _, p := range h.Parts {
		for _, cmd := range p.Commands {
			if rest, ok := strings.CutPrefix(words, cmd.Use); ok && (rest == "" || rest[0] == ' ') {
				return cmd.Run(ctx, out, strings.Fields(rest))
			}
			if words == "" {
				say(out, "%-24s %s\n", cmd.Use, cmd.Short)
			}
		}
	}
	if words != "" {
		return fmt.Errorf("%w: no command %q", ErrUsage, words)
	}
	return nil
}

// OpenAPI returns the API description of this version.
func OpenAPI(ctx context.Context, version string) (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "weizheng-openapi-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		return nil, err
	}
	h, err := Build(ctx, Config{
		Config: conf.Config{Data: dir, PublicURL: "http://127.0.0.1:8080", Database: conf.Database{URL: "sqlite:" + dir + "/weizheng.db"}},
		Log:    slog.New(slog.DiscardHandler), Ring: ring, Wall: clock.Wall{}, Version: version,
	})
	if err != nil {
		return nil, err
	}
	return h.Server.OpenAPI(), h.Close()
}
