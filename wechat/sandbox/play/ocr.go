package play

import (
	"encoding/json"
	"net/http"
	"slices"

	"weizheng/wechat/sandbox/api"
)

// setRecognition says as what a picture, a voice or a text is recognised, or the next one of its kind.
func (s *Server) setRecognition(r *http.Request) (any, error) {
	var in struct {
		Kind    string          `json:"kind"`
		Subject string          `json:"subject"`
		Says    json.RawMessage `json:"says"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if !slices.Contains(api.Recognisers(), in.Kind) {
		return nil, invalid("kind", "kind")
	}
	if len(in.Subject) > 2048 {
		return nil, invalid("subject", "length")
	}
	says := string(in.Says)
	var shape any = &map[string]any{}
	if in.Kind == "voice" || in.Kind == "translation" {
		shape = new(string)
	}
	switch {
	case says == "":
		return nil, invalid("says", "required")
	case says == "null":
		says = ""
	case json.Unmarshal(in.Says, shape) != nil:
		return nil, invalid("says", "type")
	}
	return struct{}{}, s.Store.SetRecognition(r.Context(), in.Kind, in.Subject, says)
}
