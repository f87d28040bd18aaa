package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path"
	"strings"
	"sync"
)

// File is something to upload. Size must be right: WeChat refuses a multipart body of unknown length.
type File struct {
	Name string // with the suffix that fits its content
	Size int64
	Body io.Reader
}

// upload is a multipart body with one file, perhaps after other fields, made anew for every try.
type upload struct {
	field string
	file  File
	more  map[string]string // other fields of the form
	start int64             // where a Seeker stood at first
	last  *lentReader
}

func newUpload(field string, f File) (*upload, error) {
	u := &upload{field: field, file: f}
	if s, ok := f.Body.(io.Seeker); ok {
		at, err := s.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, fmt.Errorf("upload %s: %w", field, err)
		}
		u.start = at
	}
	return u, nil
}

// rewind makes the body readable from its start again; false if it cannot.
func (u *upload) rewind() bool {
	if u.last == nil {
		return true
	}
	_ = u.last.Close() // the transport may still be reading the body of the try before
	s, ok := u.file.Body.(io.Seeker)
	if !ok {
		return false
	}
	_, err := s.Seek(u.start, io.SeekStart)
	return err == nil
}

func (u *upload) request(ctx context.Context, address string) (*http.Request, error) {
	var head bytes.Buffer
	m := multipart.NewWriter(&head)
	for name, value := range u.more {
		if err := m.WriteField(name, value); err != nil {
			return nil, err
		}
	}
	if _, err := m.CreatePart(u.header()); err != nil {
		return nil, err
	}
	tail := "\r\n--" + m.Boundary() + "--\r\n"
	u.last = &lentReader{r: io.LimitReader(u.file.Body, u.file.Size)}
	size := int64(head.Len()) + u.file.Size + int64(len(tail))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, struct {
		io.Reader
		io.Closer
	}{io.MultiReader(&head, u.last, strings.NewReader(tail)), u.last})
	if err != nil {
		return nil, err
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", m.FormDataContentType())
	return req, nil
}

func (u *upload) header() textproto.MIMEHeader {
	// Quotes and line breaks in a name would end the header.
	name := strings.Map(func(c rune) rune {
		if c < 0x20 || c == '"' || c == '\\' {
			return '_'
		}
		return c
	}, u.file.Name)
	kind := mime.TypeByExtension(strings.ToLower(path.Ext(name)))
	if kind == "" {
		kind = "application/octet-stream"
	}
	return textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="` + u.field + `"; filename="` + name + `"`},
		"Content-Type":        {kind},
	}
}

// lentReader is a body lent to the transport, which may read on in its own goroutine after the answer is there: once
// closed, the reader below is ours again.
type lentReader struct {
	mu     sync.Mutex
	r      io.Reader
	closed bool
}

func (l *lentReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, io.ErrClosedPipe
	}
	return l.r.Read(p)
}

// Close takes the reader back; it waits for a Read that is under way.
func (l *lentReader) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return nil
}
