package account

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"weizheng/platform/errs"
	"weizheng/wechat/client"
)

var (
	errMediaGone = errs.New(errs.NotFound, "account.media_gone")
	errMediaAway = errs.New(errs.Unavailable, "account.media_away")
)

// Media opens what a follower sent to an account; close its Body, which is set for videos, too: WeChat tells only where one
// lies, and that address is followed here, once, without a token. At WeChat it lives for 3 days. What WeChat does not know
// is errs.Invalid (40007) or errs.NotFound "account.media_gone"; see Client for accounts out of service.
func (s *Service) Media(ctx context.Context, id int64, mediaID string) (client.Download, error) {
	c, err := s.Client(ctx, id)
	if err != nil {
		return client.Download{}, err
	}
	d, err := c.Media(ctx, mediaID)
	if err != nil || d.VideoURL == "" {
		return d, errs.Wrap(err, "media of account %d", id)
	}
	d, err = s.video(ctx, d.VideoURL)
	return d, errs.Wrap(err, "video of account %d", id)
}

// video fetches from the address that WeChat's own answer gave. Errors do not quote it: whoever has it can watch.
func (s *Service) video(ctx context.Context, address string) (client.Download, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return client.Download{}, errMediaGone
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return client.Download{}, errMediaGone
	}
	resp, err := s.HTTP.RoundTrip(r)
	if err != nil {
		return client.Download{}, errMediaAway
	}
	switch resp.StatusCode {
	case http.StatusOK:
		kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
		return client.Download{Body: resp.Body, ContentType: strings.TrimSpace(kind), Size: resp.ContentLength}, nil
	case http.StatusNotFound, http.StatusGone:
		err = errMediaGone
	default:
		err = errMediaAway
	}
	_ = resp.Body.Close()
	return client.Download{}, err
}
