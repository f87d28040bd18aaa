package reminder

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/errs"
)

// Link is what a signed address names: whose phone, and which matter.
type Link struct {
	Binding int64
	Staff   int64
	Matter  int64 // 0: their list
	Until   int64 // wall, seconds
}

const (
	linkPurpose = "reminder.link"
	linkVersion = "1"
)

// Sign writes a link as the word of an address: version, binding, staff, matter, end, key and mac.
func (s *Service) Sign(l Link) string {
	payload := l.payload()
	key, mac := s.Ring.MAC(linkPurpose, []byte(payload))
	return payload + "." + key + "." + base64.RawURLEncoding.EncodeToString(mac)
}

func (l Link) payload() string {
	words := []string{linkVersion}
	for _, n := range []int64{l.Binding, l.Staff, l.Matter, l.Until} {
		words = append(words, strconv.FormatInt(n, 36))
	}
	return strings.Join(words, ".")
}

// LinkTo is the address of a matter, or of the person's list, for one phone; it is good for the hours of the setting.
func (s *Service) LinkTo(ctx context.Context, binding, staff, matter int64) string {
	hours := s.Settings.Int(ctx, SettingLinkHours, everywhere)
	until := s.Wall.Now().Add(time.Duration(hours) * time.Hour).Unix()
	return s.address("/s/l/" + s.Sign(Link{Binding: binding, Staff: staff, Matter: matter, Until: until}))
}

var (
	errBadLink = errs.New(errs.NotFound, "reminder.link_bad")
	errOldLink = errs.New(errs.Denied, "reminder.link_old")
	errNotHere = errs.New(errs.Denied, "reminder.link_other")
)

// Follow reads a link. Errors: NotFound "reminder.link_bad" for what we never signed, Denied "reminder.link_old" when it ran
// out or its binding ended.
func (s *Service) Follow(ctx context.Context, word string) (Link, error) {
	l, ok := s.read(word)
	if !ok {
		return Link{}, errBadLink
	}
	if s.Wall.Now().Unix() >= l.Until {
		return Link{}, errOldLink
	}
	return l, s.holds(ctx, l.Binding, l.Staff)
}

// holds reports whether a binding is still the person's: Denied "reminder.link_old" when not.
func (s *Service) holds(ctx context.Context, binding, staff int64) error {
	b, err := bindingByID(ctx, s.DB, binding)
	if errs.Is(err, errs.NotFound) || err == nil && b.Staff != staff {
		return errOldLink
	}
	return err
}

// longestLink bounds what is looked at, in bytes.
const longestLink = 200

func (s *Service) read(word string) (l Link, ok bool) {
	words := strings.Split(word, ".")
	if len(word) > longestLink || len(words) != 7 || words[0] != linkVersion {
		return l, false
	}
	for i, n := range []*int64{&l.Binding, &l.Staff, &l.Matter, &l.Until} {
		var err error
		if *n, err = strconv.ParseInt(words[1+i], 36, 64); err != nil || *n < 0 {
			return Link{}, false
		}
	}
	payload := strings.Join(words[:5], ".")
	mac, err := base64.RawURLEncoding.Strict().DecodeString(words[6])
	if err != nil || payload != l.payload() {
		return Link{}, false
	}
	return l, s.Ring.CheckMAC(words[5], linkPurpose, []byte(payload), mac)
}
