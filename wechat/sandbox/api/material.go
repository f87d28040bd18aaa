package api

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/media"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: addMaterial, batchGetMaterial.
const (
	mostPictures  = 100_000
	mostOthers    = 1000 // voices; videos
	materialPage  = 20
	longestVideo  = 30  // characters of a video's title (unverified)
	longestIntro  = 120 // characters of its introduction (unverified)
	pictureFormat = "wx_fmt="
)

// materialHandlers are those of permanent materials and of the files of articles.
func (s *Server) materialHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/material/add_material":      s.materialAdd,
		"/cgi-bin/material/get_material":      s.materialGet,
		"/cgi-bin/material/del_material":      s.materialDelete,
		"/cgi-bin/material/get_materialcount": s.materialCount,
		"/cgi-bin/material/batchget_material": s.materialList,
		"/cgi-bin/media/uploadimg":            s.articleImage,
		"/cgi-bin/media/uploadvideo":          s.massVideo,
		"/cgi-bin/media/get/jssdk":            s.voiceGet,
	}
}

var errFull = fail(45099, "material count exceed limit") // the code is unverified

// counted are the types whose totals are limited together: thumbs are pictures.
func counted(typ string) (types []string, limit int64) {
	if typ == "image" || typ == "thumb" {
		return []string{"image", "thumb"}, mostPictures
	}
	return []string{typ}, mostOthers
}

type materialBody struct {
	ID  string `json:"media_id"`
	URL string `json:"url,omitempty"` // of pictures
}

func (s *Server) materialAdd(ctx context.Context, c *call) (any, error) {
	typ := c.query.Get("type")
	limit, ok := media.Permanent[typ]
	if !ok {
		return nil, fail(40004, "invalid media type")
	}
	name, content, err := c.upload("media")
	if err != nil {
		return nil, err
	}
	kind, err := checkFile(limit, content)
	if err != nil {
		return nil, err
	}
	m := state.Material{Media: state.Media{Account: c.account.N, Type: typ, Name: name, MIME: kind}}
	if typ == "video" {
		if m.Title, m.Introduction, err = c.description(); err != nil {
			return nil, err
		}
	}
	types, most := counted(typ)
	m, err = s.Store.AddMaterial(ctx, m, content, types, most)
	if errs.Is(err, errs.Exhausted) {
		return nil, errFull
	}
	return materialBody{ID: m.ID, URL: s.pictureURL(m.Media)}, err
}

// description reads the form field that comes with a video.
func (c *call) description() (title, introduction string, err error) {
	_, text, err := c.upload("description")
	if err != nil {
		return "", "", fail(40035, "description missing") // the code is unverified
	}
	var in struct {
		Title        string `json:"title"`
		Introduction string `json:"introduction"`
	}
	if err := json.Unmarshal(text, &in); err != nil || !utf8.Valid(text) {
		return "", "", fail(47001, "data format error")
	}
	switch {
	case in.Title == "" || utf8.RuneCountInString(in.Title) > longestVideo:
		return "", "", fail(45003, "title size out of limit")
	case utf8.RuneCountInString(in.Introduction) > longestIntro:
		return "", "", fail(45004, "description size out of limit")
	}
	return in.Title, in.Introduction, nil
}

// pictureURL is where a picture of an account's is shown, on WeChat's host for such; "" for what is no picture.
func (s *Server) pictureURL(m state.Media) string {
	if !strings.HasPrefix(m.MIME, "image/") {
		return ""
	}
	format := strings.TrimPrefix(m.MIME, "image/")
	return s.Base + state.PictureURL(m.ID) + "?" + pictureFormat + format
}

// material finds the permanent material that a call is about.
func (s *Server) material(ctx context.Context, c *call, q db.Queryer) (state.Material, error) {
	var in struct {
		MediaID string `json:"media_id"`
	}
	if err := c.decode(&in); err != nil {
		return state.Material{}, err
	}
	if in.MediaID == "" {
		return state.Material{}, fail(41006, "media_id missing")
	}
	m, err := s.Store.Material(ctx, q, c.account.N, in.MediaID)
	if errs.Is(err, errs.NotFound) {
		return m, errMediaID
	}
	return m, err
}

type videoMaterial struct {
	Title        string `json:"title"`
	Introduction string `json:"description"`
	URL          string `json:"down_url"`
}

func (s *Server) materialGet(ctx context.Context, c *call) (any, error) {
	m, err := s.material(ctx, c, s.Store.Reader())
	if err != nil {
		return nil, err
	}
	if m.Type == "video" {
		return videoMaterial{m.Title, m.Introduction, s.Base + state.MediaURL(m.ID)}, nil
	}
	content, err := s.Store.Content(m.Media)
	if err != nil {
		return nil, err
	}
	return &file{mime: m.MIME, name: m.ID + media.Extension(m.MIME), content: content}, nil
}

func (s *Server) materialDelete(ctx context.Context, c *call) (any, error) {
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		m, err := s.material(ctx, c, tx)
		if err != nil {
			return err
		}
		used, err := s.Store.MaterialUsed(ctx, tx, c.account.N, m.ID)
		if err != nil {
			return err
		}
		if used {
			return fail(48005, "api forbid to delete material used by auto-reply or menu")
		}
		return s.Store.DeleteMaterial(ctx, tx, m)
	})
}

func (s *Server) materialCount(ctx context.Context, c *call) (any, error) {
	counts := map[string]int64{"news_count": 0} // articles became drafts; nothing of that type is made any more
	for _, typ := range []string{"image", "voice", "video"} {
		types, _ := counted(typ)
		n, err := s.Store.CountMaterials(ctx, s.Store.Reader(), c.account.N, types...)
		if err != nil {
			return nil, err
		}
		counts[typ+"_count"] = n
	}
	return counts, nil
}

type materialItem struct {
	ID      string `json:"media_id"`
	Name    string `json:"name"`
	Updated int64  `json:"update_time"`
	URL     string `json:"url,omitempty"`
}

type listBody[T any] struct {
	Total int64 `json:"total_count"`
	Count int   `json:"item_count"`
	Items []T   `json:"item"`
}

func (s *Server) materialList(ctx context.Context, c *call) (any, error) {
	var in struct {
		Type   string `json:"type"`
		Offset int    `json:"offset"`
		Count  int    `json:"count"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkPage(in.Offset, in.Count, materialPage); err != nil {
		return nil, err
	}
	out := listBody[materialItem]{Items: []materialItem{}}
	if _, ok := media.Permanent[in.Type]; !ok || in.Type == "thumb" {
		if in.Type == "news" {
			return out, nil
		}
		return nil, fail(40004, "invalid media type")
	}
	total, err := s.Store.CountMaterials(ctx, s.Store.Reader(), c.account.N, in.Type)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Materials(ctx, c.account.N, in.Type, in.Offset, in.Count)
	for _, m := range list {
		out.Items = append(out.Items, materialItem{ID: m.ID, Name: m.Name, Updated: m.MadeAt / 1000, URL: s.pictureURL(m.Media)})
	}
	out.Total, out.Count = total, len(out.Items)
	return out, err
}

// checkPage checks offset and count of a list.
func checkPage(offset, count, most int) error {
	if offset < 0 || count < 1 || count > most {
		return fail(40097, "invalid args: offset or count")
	}
	return nil
}
