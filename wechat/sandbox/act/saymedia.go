package act

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/media"
	"weizheng/wechat/sandbox/state"
)

// mediaLife is how long an account can fetch what a citizen sent, in civil milliseconds.
const mediaLife = 3 * 24 * 3600 * 1000

// mediaDraft prepares a picture, voice or video out of a file of the phone.
func (x *Acts) mediaDraft(ctx context.Context, a *state.Account, m *wechat.Message, said Said) (*draft, error) {
	file, err := x.phoneFile(ctx, said)
	if err != nil {
		return nil, err
	}
	d := &draft{message: m, body: map[string]any{}}
	switch m.MsgType {
	case "image":
		d.attach = func(ctx context.Context, tx *db.Tx, a *state.Account, d *draft) error {
			err := x.share(ctx, tx, a, file, &m.MediaID, d)
			m.PicURL = x.Base + state.MediaURL(m.MediaID)
			return err
		}
	case "voice":
		m.Format = "amr"
		d.body["format"] = "amr"
		if file.Note != "" {
			d.body["recognition"] = file.Note
		}
		if a.ASR {
			m.Recognition = file.Note
		}
		d.attach = func(ctx context.Context, tx *db.Tx, a *state.Account, d *draft) error {
			if err := x.share(ctx, tx, a, file, &m.MediaID16K, d); err != nil {
				return err
			}
			return x.share(ctx, tx, a, file, &m.MediaID, d)
		}
	default:
		return x.videoDraft(ctx, d, file)
	}
	return d, nil
}

func (x *Acts) videoDraft(ctx context.Context, d *draft, file state.Media) (*draft, error) {
	still, err := stillPicture()
	if err != nil {
		return nil, err
	}
	thumb, err := x.Store.AddMedia(ctx, state.Media{Type: "thumb", Name: "thumb.jpg", MIME: "image/jpeg"}, still)
	if err != nil {
		return nil, err
	}
	m := d.message
	d.attach = func(ctx context.Context, tx *db.Tx, a *state.Account, d *draft) error {
		shared, err := x.Store.ShareMedia(ctx, tx, thumb, a.N, x.Store.Civil()+mediaLife)
		if err != nil {
			return err
		}
		m.ThumbMediaID = shared.ID
		d.body["thumb_url"] = state.MediaURL(shared.ID)
		return x.share(ctx, tx, a, file, &m.MediaID, d)
	}
	return d, nil
}

// share gives the account its media id of a file, in the message and in the chat.
func (x *Acts) share(ctx context.Context, tx *db.Tx, a *state.Account, file state.Media, id *string, d *draft) error {
	shared, err := x.Store.ShareMedia(ctx, tx, file, a.N, x.Store.Civil()+mediaLife)
	*id = shared.ID
	d.body["media_id"], d.body["url"] = shared.ID, state.MediaURL(shared.ID)
	return err
}

// phoneFile finds the file that is sent; a voice may be made of its words.
func (x *Acts) phoneFile(ctx context.Context, said Said) (state.Media, error) {
	typ := said.Type
	if typ == "shortvideo" {
		typ = "video"
	}
	if said.MediaID == "" && typ == "voice" && said.Recognition != "" {
		return x.Voice(ctx, said.Recognition)
	}
	file, err := x.Store.FindMedia(ctx, x.Store.Reader(), said.MediaID)
	if errs.Is(err, errs.NotFound) || err == nil && file.Account != 0 {
		return file, state.ErrNoMedia
	}
	if err == nil && file.Type != typ {
		return file, invalid("media_id", "type")
	}
	if said.Recognition != "" {
		file.Note = said.Recognition
	}
	return file, err
}

// Voice makes a voice on the phone that says the words: a silent recording of fitting length.
func (x *Acts) Voice(ctx context.Context, words string) (state.Media, error) {
	if words == "" || len(words) > longestText {
		return state.Media{}, invalid("recognition", "length")
	}
	return x.Store.AddMedia(ctx, state.Media{Type: "voice", Name: "voice.amr", MIME: "audio/amr", Note: words},
		media.Silence(words))
}

// Keep stores a file on the phone after checking it as WeChat does.
func (x *Acts) Keep(ctx context.Context, typ, name, note string, content []byte) (state.Media, error) {
	limit, ok := media.Limits[typ]
	if !ok {
		return state.Media{}, invalid("type", "type")
	}
	kind := media.Sniff(content)
	switch {
	case len(content) == 0:
		return state.Media{}, invalid("media", "required")
	case len(content) > limit.Bytes:
		return state.Media{}, invalid("media", "size")
	case !limit.Takes(kind):
		return state.Media{}, invalid("media", "format")
	}
	return x.Store.AddMedia(ctx, state.Media{Type: typ, Name: name, MIME: kind, Note: note}, content)
}

// stillPicture is the still of every video: a grey field, as videos are not decoded here.
func stillPicture() ([]byte, error) {
	picture := image.NewRGBA(image.Rect(0, 0, 320, 180))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.Gray{Y: 0x80}), image.Point{}, draw.Src)
	var b bytes.Buffer
	err := jpeg.Encode(&b, picture, nil)
	return b.Bytes(), err
}
