package conversation

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// The length of a reason, in characters: a sentence that an auditor can judge.
const (
	ReasonLeast = 2
	ReasonMost  = 200
)

// maxReference is longer than every reference that Redact makes, in bytes.
const maxReference = 64

var (
	errNoReference = errs.New(errs.NotFound, "conversation.no_reference")
	errNoLine      = errs.New(errs.NotFound, "conversation.no_line")
)

// Ask names one hidden value of one line, and why somebody has to see it.
type Ask struct {
	Line      int64
	Reference string // as it stands in the text, with or without its brackets: ⟦身份证1⟧
	Reason    string
}

// Validate reports every fault.
func (a Ask) Validate() error {
	var faults []errs.Field
	if n := utf8.RuneCountInString(strings.TrimSpace(a.Reason)); n < ReasonLeast || n > ReasonMost {
		faults = append(faults, errs.Field{Field: "reason", Key: "conversation.reason",
			Params: map[string]any{"least": ReasonLeast, "most": ReasonMost}})
	}
	if a.Reference == "" || len(a.Reference) > maxReference {
		faults = append(faults, errs.Field{Field: "reference", Key: "shape.required"})
	}
	return errs.InvalidFields(faults)
}

// Reveal opens the value behind one reference of one line; who looked at which reference, and why, is audited before they
// see it, and the value never is. A line of another conversation is errs.NotFound "conversation.no_line", a reference that
// the line does not hold "conversation.no_reference". PIPL art. 51: access to personal data is limited and recorded.
func (s *Service) Reveal(ctx context.Context, id int64, a Ask) (string, error) {
	if err := a.Validate(); err != nil {
		return "", err
	}
	var value string
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		found, err := s.hidden(ctx, tx, id, a.Line)
		if err != nil {
			return err
		}
		one, ok := pick(found, a.Reference)
		if !ok {
			return errNoReference
		}
		value = one.Value
		// People put into a reason what they already know of the person: numbers have no place in the audit.
		reason, _ := crypt.Redact(strings.TrimSpace(a.Reason))
		return s.record(ctx, tx, "reveal", c, map[string]any{"line": a.Line, "reference": bare(one.Ref), "reason": reason})
	})
	if err != nil {
		return "", errs.Wrap(err, "reveal a value of conversation %d", id)
	}
	return value, nil
}

// hidden opens what a line's references stand for.
func (s *Service) hidden(ctx context.Context, q db.Queryer, conversation, line int64) ([]crypt.Found, error) {
	sealed, err := db.One(ctx, q, db.Value[[]byte], `select hidden from conversation_line where id=$1 and conversation_id=$2`,
		line, conversation)
	if errs.Is(err, errs.NotFound) {
		return nil, errNoLine
	}
	if err != nil || len(sealed) == 0 {
		return nil, err
	}
	plain, err := s.Sealer.Open(sealed, sealHidden)
	if err != nil {
		return nil, errs.Wrap(err, "open hidden values of line %d", line)
	}
	var found []crypt.Found
	return found, errs.Wrap(json.Unmarshal(plain, &found), "decode hidden values of line %d", line)
}

func pick(found []crypt.Found, reference string) (crypt.Found, bool) {
	for _, f := range found {
		if f.Ref == reference || bare(f.Ref) == reference {
			return f, true
		}
	}
	return crypt.Found{}, false
}

func bare(reference string) string { return strings.Trim(reference, "⟦⟧") }
