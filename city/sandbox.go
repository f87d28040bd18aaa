package city

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
)

// act calls the sandbox's JSON API as any script would, without a network in between.
func (b *builder) act(ctx context.Context, method, path string, in, out any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	r := httptest.NewRequestWithContext(ctx, method, "http://127.0.0.1/sandbox/api"+path, &body)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.Sandbox.ServeHTTP(w, r)
	if w.Code >= http.StatusBadRequest {
		return fmt.Errorf("sandbox %s %s: %d %s", method, path, w.Code, w.Body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(w.Body.Bytes(), out)
}

type fields map[string]any
