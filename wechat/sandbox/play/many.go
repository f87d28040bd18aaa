package play

import (
	"cmp"
	"net/http"

	"weizheng/wechat/sandbox/state"
)

// manyFollowers makes followers who were there before anybody listened: no callback is made of them.
func (s *Server) manyFollowers(r *http.Request) (any, error) {
	var in struct {
		Prefix string  `json:"prefix"`
		First  int     `json:"first"`
		Count  int     `json:"count"`
		At     int64   `json:"at"`
		How    string  `json:"how"`
		Tags   []int64 `json:"tags"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	made, err := s.Acts.Followers(r.Context(), state.Crew{Account: r.PathValue("id"), Prefix: cmp.Or(in.Prefix, "many"), First: max(in.First, 1),
		Count: in.Count, At: in.At, How: in.How, Tags: in.Tags})
	return map[string]int64{"made": made}, err
}

// manyReaders has followers read an article.
func (s *Server) manyReaders(r *http.Request) (any, error) {
	var in struct {
		Count int    `json:"count"`
		After string `json:"after"` // openid
		Kind  string `json:"kind"`
		Scene string `json:"scene"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	next, err := s.Acts.Readers(r.Context(), r.PathValue("id"), in.Kind, in.Scene, in.After, in.Count)
	return map[string]string{"next": next}, err
}
