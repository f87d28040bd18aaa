package state

import (
	"context"
	"strings"

	"weizheng/platform/db"
)

// The types of an account's files that are no temporary media.
const (
	ArticlePicture = "picture" // in the text of an article
	MassVideo      = "mpvideo" // a video made ready for a mass message
)

// PictureURL is the path of a picture that WeChat shows to everybody.
func PictureURL(id string) string { return "/mmbiz/" + id + "/0" }

// PictureID is the id in the path of a picture; found is false for another path.
func PictureID(path string) (id string, found bool) {
	rest, found := strings.CutPrefix(path, "/mmbiz/")
	if !found {
		return "", false
	}
	return strings.CutSuffix(rest, "/0")
}

// Picture finds a picture that everybody may see: a permanent one, or one of an article's text.
func (s *Store) Picture(ctx context.Context, id string) (Media, error) {
	m, err := db.One(ctx, s.db, scanMedia, "select "+mediaColumns+` from media where id=$1 and account<>0 and expires_at=0
		and type in ('image', 'thumb', $2)`, id, ArticlePicture)
	return m, none(err, ErrNoMedia)
}
