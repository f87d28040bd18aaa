// Package log makes the one logger of the house: structured lines in which nothing secret or personal survives.
//
// Attributes are blanked by their name (secret, token, openid, password …) and by the shape of their value (openids,
// access tokens, identity numbers, mobile numbers), in the message and in errors too; the query of a URL is cut off,
// because WeChat puts tokens and signatures there. The request id of the context stands on every line. The logger is
// handed down from cmd; nobody uses slog's default.
package log

import (
	"context"
	"io"
	"log/slog"
)

// The formats of New.
const (
	JSON = "json" // one object a line, for machines
	Text = "text" // for a person at a terminal
)

// New returns a logger that writes lines of at least level to w in format JSON or Text; any other format is JSON.
func New(w io.Writer, level slog.Leveler, format string) *slog.Logger {
	opts := &slog.HandlerOptions{Level: level, ReplaceAttr: replace}
	if format == Text {
		return slog.New(handler{slog.NewTextHandler(w, opts)})
	}
	return slog.New(handler{slog.NewJSONHandler(w, opts)})
}

type requestKey struct{}

// WithRequest returns a context whose log lines carry the request id.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// Request returns the request id of ctx, or "".
func Request(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// handler adds the request id; redaction happens in replace, which slog calls for every attribute at any depth.
type handler struct{ slog.Handler }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if id := Request(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
