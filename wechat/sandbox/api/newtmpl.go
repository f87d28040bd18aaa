package api

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"weizheng/wechat/sandbox/state"
)

// WeChat docs: getCategory, getPubTemplateTitleList, getPubTemplateKeyWordsById, addTemplate of 订阅通知.
const (
	titlesPage      = 30
	titleCategories = 5 // ids of one question (unverified)
	leastKids       = 2
	mostKids        = 5
	longestScene    = 15 // characters
)

func (s *Server) noticeHandlers() map[string]handler {
	return map[string]handler{
		"/wxaapi/newtmpl/getcategory":            s.noticeCategories,
		"/wxaapi/newtmpl/getpubtemplatetitles":   s.publicTitles,
		"/wxaapi/newtmpl/getpubtemplatekeywords": s.publicKeywords,
		"/wxaapi/newtmpl/gettemplate":            s.noticeTemplates,
		"/wxaapi/newtmpl/addtemplate":            s.noticeAdd,
		"/wxaapi/newtmpl/deltemplate":            s.noticeDelete,
		"/cgi-bin/message/subscribe/bizsend":     s.noticeSend,
	}
}

var errTID = fail(200014, "invalid tid")

// public finds a template of the library that stands under one of the account's categories.
func public(a *state.Account, id string) (state.Public, bool) {
	tid, err := strconv.Atoi(id)
	if err != nil {
		return state.Public{}, false
	}
	p, ok := state.PublicTemplate(tid)
	return p, ok && slices.Contains(a.Categories, p.Category)
}

func (s *Server) noticeCategories(_ context.Context, c *call) (any, error) {
	list := []state.Category{}
	for _, cat := range state.Categories {
		if slices.Contains(c.account.Categories, cat.ID) {
			list = append(list, cat)
		}
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "data": list}, nil
}

// publicTitles lists the library under some categories.
func (s *Server) publicTitles(_ context.Context, c *call) (any, error) {
	if c.query.Get("ids") == "" {
		return nil, fail(200018, "category ids empty")
	}
	var ids []int
	for id := range strings.SplitSeq(c.query.Get("ids"), ",") {
		n, err := strconv.Atoi(strings.TrimSpace(id))
		if err != nil || !state.KnownCategory(n) || len(ids) == titleCategories {
			return nil, fail(200019, "invalid category ids")
		}
		ids = append(ids, n)
	}
	start, err := strconv.Atoi(c.query.Get("start"))
	if err != nil || start < 0 {
		return nil, fail(200016, "invalid start")
	}
	limit, err := strconv.Atoi(c.query.Get("limit"))
	if err != nil || limit < 1 || limit > titlesPage {
		return nil, fail(200017, "invalid limit")
	}
	type title struct {
		TID      int    `json:"tid"`
		Title    string `json:"title"`
		Type     int    `json:"type"`
		Category string `json:"categoryId"`
	}
	all := []title{}
	for _, p := range state.Library {
		if slices.Contains(ids, p.Category) {
			all = append(all, title{p.TID, p.Title, p.Type, strconv.Itoa(p.Category)})
		}
	}
	page := all[min(start, len(all)):min(start+limit, len(all))]
	return map[string]any{"errcode": 0, "errmsg": "ok", "count": len(all), "data": page}, nil
}

func (s *Server) publicKeywords(_ context.Context, c *call) (any, error) {
	tid, err := strconv.Atoi(c.query.Get("tid"))
	if err != nil {
		return nil, errTID
	}
	p, ok := state.PublicTemplate(tid)
	if !ok {
		return nil, errTID
	}
	type keyword struct {
		KID     int    `json:"kid"`
		Name    string `json:"name"`
		Example string `json:"example"`
		Rule    string `json:"rule"`
	}
	list := make([]keyword, len(p.Keywords))
	for i, k := range p.Keywords {
		list[i] = keyword{k.KID, k.Name, k.Example, k.Rule}
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "count": len(list), "data": list}, nil
}

type enumValues struct {
	Keyword string   `json:"keywordCode"`
	Values  []string `json:"enumValueList"`
}

func (s *Server) noticeTemplates(ctx context.Context, c *call) (any, error) {
	list, err := s.Store.Templates(ctx, s.Store.Reader(), c.account.N, state.NoticeTemplate)
	if err != nil {
		return nil, err
	}
	type shown struct {
		ID      string       `json:"priTmplId"`
		Title   string       `json:"title"`
		Content string       `json:"content"`
		Example string       `json:"example"`
		Type    int          `json:"type"`
		Enums   []enumValues `json:"keywordEnumValueList,omitempty"`
	}
	out := make([]shown, len(list))
	for i, t := range list {
		out[i] = shown{ID: t.ID, Title: t.Title, Content: t.Content(), Example: t.Example(), Type: t.Type}
		for _, f := range t.Fields {
			if len(f.Values) > 0 {
				out[i].Enums = append(out[i].Enums, enumValues{f.Key + ".DATA", f.Values})
			}
		}
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "data": out}, nil
}

// noticeAdd takes a template of the library with some of its keywords, in the order in which they are named.
func (s *Server) noticeAdd(ctx context.Context, c *call) (any, error) {
	var in struct {
		TID   looseText `json:"tid"`
		Kids  []int     `json:"kidList"`
		Scene string    `json:"sceneDesc"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	p, ok := public(c.account, string(in.TID))
	if !ok {
		return nil, errTID
	}
	if len(in.Kids) < leastKids || len(in.Kids) > mostKids {
		return nil, errKids
	}
	if utf8.RuneCountInString(in.Scene) > longestScene {
		return nil, fail(200021, "invalid sceneDesc")
	}
	t := state.Template{Account: c.account.N, Kind: state.NoticeTemplate, TID: p.TID, Title: p.Title, Type: p.Type, Scene: in.Scene}
	for i, kid := range in.Kids {
		if kid < 1 || kid > len(p.Keywords) || slices.Contains(in.Kids[:i], kid) {
			return nil, errKids
		}
		t.Fields = append(t.Fields, p.Keywords[kid-1].Field())
	}
	t, err := s.takeTemplate(ctx, t, fail(200012, "personal template limit exceed"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "priTmplId": t.ID}, nil
}

var errKids = fail(200020, "invalid kidList")

func (s *Server) noticeDelete(ctx context.Context, c *call) (any, error) {
	var in struct {
		ID string `json:"priTmplId"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return nil, s.dropTemplate(ctx, c.account.N, state.NoticeTemplate, in.ID, errTID)
}
