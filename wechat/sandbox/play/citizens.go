package play

import (
	"context"
	"crypto/sha256"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"

	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

type citizenView struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Avatar    string            `json:"avatar"`
	Snapshot  bool              `json:"snapshot"`
	Platform  string            `json:"platform"`
	OpenIDs   map[string]string `json:"openids"`
	Following []string          `json:"following"`
}

func (s *Server) viewCitizen(ctx context.Context, c state.Citizen) (citizenView, error) {
	v := citizenView{ID: c.ID, Name: c.Name, Avatar: c.Avatar, Snapshot: c.Snapshot, Platform: c.Platform, OpenIDs: map[string]string{},
		Following: []string{}}
	if v.Avatar == "" {
		v.Avatar = base + "/avatar/" + c.ID
	}
	for _, a := range s.Store.Accounts() {
		v.OpenIDs[a.ID] = s.Store.OpenID(a.ID, c.ID)
	}
	contacts, err := s.Store.ContactsOf(ctx, c.N)
	for _, contact := range contacts {
		if a := s.Store.AccountN(contact.Account); a != nil && contact.Subscribed {
			v.Following = append(v.Following, a.ID)
		}
	}
	return v, err
}

// password is a citizen who changes their WeChat password.
func (s *Server) password(r *http.Request) (any, error) {
	c, err := s.Store.Citizen(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.Store.ChangePassword(r.Context(), c.N)
}

func (s *Server) citizens(r *http.Request) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	list, next, err := s.Store.Citizens(r.Context(), r.URL.Query().Get("query"), r.URL.Query().Get("after"), n)
	if err != nil {
		return nil, err
	}
	views := make([]citizenView, len(list))
	for i, c := range list {
		if views[i], err = s.viewCitizen(r.Context(), c); err != nil {
			return nil, err
		}
	}
	return map[string]any{"citizens": views, "next": next}, nil
}

func (s *Server) citizen(r *http.Request) (any, error) {
	c, err := s.Store.Citizen(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s.oneCitizen(r.Context(), c)
}

func (s *Server) oneCitizen(ctx context.Context, c state.Citizen) (any, error) {
	v, err := s.viewCitizen(ctx, c)
	return map[string]any{"citizen": v}, err
}

func (s *Server) createCitizen(r *http.Request) (any, error) {
	var in struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Avatar   string `json:"avatar"`
		Snapshot bool   `json:"snapshot"`
		Platform string `json:"platform"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	c, err := s.Store.CreateCitizen(r.Context(), state.Citizen{ID: in.ID, Name: in.Name, Avatar: in.Avatar, Snapshot: in.Snapshot,
		Platform: in.Platform})
	if err != nil {
		return nil, err
	}
	v, err := s.oneCitizen(r.Context(), c)
	return created{v}, err
}

func (s *Server) patchCitizen(r *http.Request) (any, error) {
	c, err := s.Store.Citizen(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var in struct {
		Name     *string `json:"name"`
		Avatar   *string `json:"avatar"`
		Snapshot *bool   `json:"snapshot"`
		Platform *string `json:"platform"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Name != nil {
		c.Name = *in.Name
	}
	if in.Avatar != nil {
		c.Avatar = *in.Avatar
	}
	if in.Snapshot != nil {
		c.Snapshot = *in.Snapshot
	}
	if in.Platform != nil {
		c.Platform = *in.Platform
	}
	if err := s.Acts.Change(r.Context(), c); err != nil {
		return nil, err
	}
	return s.oneCitizen(r.Context(), c)
}

// who is the account and the citizen of a request, the citizen by id or by openid.
type who struct {
	Account string `json:"account"`
	Citizen string `json:"citizen"`
	OpenID  string `json:"openid"`
}

func (s *Server) resolve(ctx context.Context, w *who) error {
	if w.Citizen != "" {
		return nil
	}
	if w.OpenID == "" {
		return invalid("citizen", "required")
	}
	a, err := s.Store.Account(w.Account)
	if err != nil {
		return err
	}
	contact, err := s.Store.ContactByOpenID(ctx, s.Store.Reader(), w.OpenID)
	if err != nil {
		return err
	}
	if contact.Account != a.N {
		return state.ErrNoCitizen
	}
	c, err := s.Store.CitizenN(ctx, contact.Citizen)
	w.Citizen = c.ID
	return err
}

// heard reads a body that begins with a who.
func (s *Server) heard(r *http.Request, in any, w *who) error {
	if err := decode(r, in); err != nil {
		return err
	}
	return s.resolve(r.Context(), w)
}

func (s *Server) follow(r *http.Request) (any, error) {
	var in struct {
		who
		How    string `json:"how"`
		Ticket string `json:"ticket"`
	}
	if err := s.heard(r, &in, &in.who); err != nil {
		return nil, err
	}
	openid, already, err := s.Acts.Follow(r.Context(), in.Account, in.Citizen, in.How, in.Ticket)
	return map[string]any{"openid": openid, "already": already}, err
}

func (s *Server) unfollow(r *http.Request) (any, error) {
	var in who
	if err := s.heard(r, &in, &in); err != nil {
		return nil, err
	}
	openid, err := s.Acts.Unfollow(r.Context(), in.Account, in.Citizen)
	return map[string]any{"openid": openid}, err
}

func (s *Server) scan(r *http.Request) (any, error) {
	var in struct {
		Citizen string `json:"citizen"`
		Ticket  string `json:"ticket"`
		URL     string `json:"url"`
		Follow  *bool  `json:"follow"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	content := in.Ticket
	if content == "" {
		content = in.URL
	}
	return s.Acts.Scan(r.Context(), in.Citizen, content, in.Follow == nil || *in.Follow)
}

func (s *Server) enter(r *http.Request) (any, error) {
	var in struct {
		who
		Here *act.Result `json:"here"`
	}
	if err := s.heard(r, &in, &in.who); err != nil {
		return nil, err
	}
	return struct{}{}, s.Acts.Enter(r.Context(), in.Account, in.Citizen, in.Here)
}

func (s *Server) read(r *http.Request) (any, error) {
	var in who
	if err := s.heard(r, &in, &in); err != nil {
		return nil, err
	}
	return struct{}{}, s.Acts.Read(r.Context(), in.Account, in.Citizen)
}

// avatar draws a picture for whoever the path names: a symmetric pattern, always the same for the same name.
func (s *Server) avatar(w http.ResponseWriter, r *http.Request) error {
	const cell, cells, pixels = 24, 5, 132 // 132 pixels as WeChat's pictures
	sum := sha256.Sum256([]byte(r.URL.Path))
	picture := image.NewRGBA(image.Rect(0, 0, pixels, pixels))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.RGBA{0xf2, 0xf3, 0xf5, 0xff}), image.Point{}, draw.Src)
	ink := image.NewUniform(color.RGBA{sum[0]/2 + 32, sum[1]/2 + 32, sum[2]/2 + 32, 0xff})
	const margin = (pixels - cell*cells) / 2
	for i := range cells * cells {
		x, y := i%cells, i/cells
		if sum[3+y*3+min(x, cells-1-x)]&1 == 0 {
			continue
		}
		at := image.Rect(margin+x*cell, margin+y*cell, margin+(x+1)*cell, margin+(y+1)*cell)
		draw.Draw(picture, at, ink, image.Point{}, draw.Src)
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "max-age=86400")
	return png.Encode(w, picture)
}
