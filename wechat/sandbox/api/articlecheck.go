package api

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// What an article may be, in characters unless bytes are said. WeChat docs: draft_add.
const (
	mostArticles    = 8 // of one draft (unverified)
	titleChars      = 32
	authorChars     = 16
	digestChars     = 128
	defaultDigest   = 54 // taken from the text where a single article has none
	contentChars    = 20_000
	contentBytes    = 1 << 20
	sourceBytes     = 1 << 10
	newspicPictures = 20
)

// checkArticle refuses what WeChat would, and changes what WeChat changes: scripts and foreign pictures go, a digest is
// made where the only article of a draft has none.
func (s *Server) checkArticle(ctx context.Context, a *state.Account, art *state.Article, only bool) error {
	if art.Type == "" {
		art.Type = state.News
	}
	if err := checkLengths(art); err != nil {
		return err
	}
	if art.OpenComment>>1 != 0 || art.FansComment>>1 != 0 {
		return fail(40035, "invalid parameter: comment flags are 0 or 1")
	}
	for _, crop := range []string{art.Crop235, art.Crop11} {
		if crop != "" && !isCrop(crop) {
			return fail(53402, "crop cover failed, please check crop params")
		}
	}
	switch art.Type {
	case state.News:
		if err := s.checkCover(ctx, a, art.ThumbMediaID, "image", "thumb"); err != nil {
			return err
		}
		clean, err := s.tidy(ctx, a, art.Content)
		if err != nil {
			return err
		}
		art.Content = clean
	case state.NewsPic:
		if err := s.checkPictures(ctx, a, art.ImageInfo); err != nil {
			return err
		}
		art.Content = plainText(tidyHTML(art.Content, func(string) bool { return false }))
	default:
		return fail(40008, "invalid article type") // the code is unverified
	}
	if art.Digest == "" && only {
		art.Digest = firstChars(plainText(art.Content), defaultDigest)
	}
	return nil
}

func checkLengths(a *state.Article) error {
	switch {
	case a.Title == "" || utf8.RuneCountInString(a.Title) > titleChars:
		return fail(45003, "title size out of limit")
	case utf8.RuneCountInString(a.Author) > authorChars:
		return fail(45110, "author size out of limit")
	case utf8.RuneCountInString(a.Digest) > digestChars:
		return fail(45004, "description size out of limit")
	case a.Content == "":
		return errNoText
	case utf8.RuneCountInString(a.Content) >= contentChars || len(a.Content) >= contentBytes:
		return errTooLong
	case len(a.SourceURL) > sourceBytes:
		return fail(45005, "url size out of limit")
	}
	return nil
}

// checkCover wants a permanent material of one of the types.
func (s *Server) checkCover(ctx context.Context, a *state.Account, id string, types ...string) error {
	m, err := s.Store.Material(ctx, s.Store.Reader(), a.N, id)
	if errs.Is(err, errs.NotFound) {
		return errMediaID
	}
	if err != nil {
		return err
	}
	if !slices.Contains(types, m.Type) {
		return errMediaID
	}
	return nil
}

func (s *Server) checkPictures(ctx context.Context, a *state.Account, info *state.ImageInfo) error {
	if info == nil || len(info.List) == 0 {
		return errMediaID
	}
	if len(info.List) > newspicPictures {
		return fail(45008, "article size out of limit") // the code is unverified
	}
	for _, picture := range info.List {
		if err := s.checkCover(ctx, a, picture.MediaID, "image"); err != nil {
			return err
		}
	}
	return nil
}

// tidy cleans a text; pictures stay that WeChat has.
func (s *Server) tidy(ctx context.Context, a *state.Account, text string) (string, error) {
	var failed error
	clean := tidyHTML(text, func(address string) bool {
		u, err := url.Parse(address)
		if err != nil {
			return false
		}
		if strings.HasSuffix(u.Hostname(), ".qpic.cn") {
			return true
		}
		id, found := state.PictureID(u.Path)
		if !found {
			return false
		}
		_, err = s.Store.Picture(ctx, id)
		if err != nil && !errs.Is(err, errs.NotFound) {
			failed = err
		}
		return err == nil
	})
	return clean, failed
}

// isCrop reports whether text is X1_Y1_X2_Y2, fractions of the picture's sides.
func isCrop(text string) bool {
	parts := strings.Split(text, "_")
	if len(parts) != 4 {
		return false
	}
	var at [4]float64
	for i, part := range parts {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || !(v >= 0 && v <= 1) {
			return false
		}
		at[i] = v
	}
	return at[0] < at[2] && at[1] < at[3]
}

// firstChars are the first n characters of a text.
func firstChars(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
