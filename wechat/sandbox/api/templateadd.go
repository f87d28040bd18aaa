package api

import (
	"context"
	"slices"
	"strings"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/state"
)

// templateAdd takes a template of the library (类目模板).
func (s *Server) templateAdd(ctx context.Context, c *call) (any, error) {
	var in struct {
		Short    looseText `json:"template_id_short"`
		Keywords []string  `json:"keyword_name_list"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if strings.HasPrefix(string(in.Short), "TM") || strings.HasPrefix(string(in.Short), "OPENTM") {
		return nil, fail(40247, "template of industry can not be added any more")
	}
	p, ok := public(c.account, string(in.Short))
	if !ok {
		return nil, errTemplate
	}
	t := state.Template{Account: c.account.N, Kind: state.MessageTemplate, TID: p.TID, Title: p.Title}
	for _, name := range in.Keywords {
		i := slices.IndexFunc(p.Keywords, func(k state.Keyword) bool { return k.Name == name })
		if i < 0 || slices.ContainsFunc(t.Fields, func(f state.Field) bool { return f.Name == name }) {
			return nil, errKeywords
		}
		t.Fields = append(t.Fields, p.Keywords[i].Field())
	}
	if len(t.Fields) == 0 {
		return nil, errKeywords
	}
	t, err := s.takeTemplate(ctx, t, fail(45026, "template num exceeds limit"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "template_id": t.ID}, nil
}

var errKeywords = fail(40246, "invalid keyword_name_list")

// takeTemplate stores a template while there are fewer than the most.
func (s *Server) takeTemplate(ctx context.Context, t state.Template, full error) (state.Template, error) {
	return t, s.Store.Write(ctx, func(tx *db.Tx) error {
		list, err := s.Store.Templates(ctx, tx, t.Account, t.Kind)
		if err != nil {
			return err
		}
		if len(list) >= maxTemplates {
			return full
		}
		t, err = s.Store.AddTemplate(ctx, tx, t)
		return err
	})
}

func (s *Server) templateList(ctx context.Context, c *call) (any, error) {
	list, err := s.Store.Templates(ctx, s.Store.Reader(), c.account.N, state.MessageTemplate)
	if err != nil {
		return nil, err
	}
	type shown struct {
		ID        string `json:"template_id"`
		Title     string `json:"title"`
		Primary   string `json:"primary_industry"`
		Secondary string `json:"deputy_industry"`
		Content   string `json:"content"`
		Example   string `json:"example"`
	}
	out := make([]shown, len(list))
	for i, t := range list {
		out[i] = shown{ID: t.ID, Title: t.Title, Content: t.Content(), Example: t.Example()}
	}
	return map[string]any{"template_list": out}, nil
}

func (s *Server) templateDelete(ctx context.Context, c *call) (any, error) {
	var in struct {
		ID string `json:"template_id"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return nil, s.dropTemplate(ctx, c.account.N, state.MessageTemplate, in.ID, errTemplate)
}

func (s *Server) dropTemplate(ctx context.Context, account int64, kind, id string, unknown error) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		t, ok, err := s.Store.FindTemplate(ctx, tx, account, kind, id)
		if err != nil || !ok {
			return orElse(err, unknown)
		}
		return s.Store.DeleteTemplate(ctx, tx, t)
	})
}
