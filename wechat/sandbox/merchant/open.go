package merchant

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

const (
	firstRefundMS = 1000 // civil; the real one takes minutes to days
	longestRefund = 30 * 24 * 3600 * 1000
	keptCerts     = 2 // the one that signs, and the one before it
)

var (
	errVerified = errs.New(errs.Conflict, "sandbox.merchant_unverified")
	errByKey    = errs.New(errs.Conflict, "sandbox.merchant_by_key")
)

// desk keeps the keys of merchants that were read.
type desk struct {
	mu   sync.Mutex
	read map[string]*keys // mchid →
	make sync.Mutex       // one merchant at a time is made or changed
}

// Open returns an account's merchant and makes one where there is none. Only a verified account gets one.
func (s *Server) Open(ctx context.Context, a *state.Account) (*state.Merchant, error) {
	s.desk.make.Lock()
	defer s.desk.make.Unlock()
	m, err := s.Store.MerchantOf(ctx, a.N)
	if err == nil || !errs.Is(err, errs.NotFound) {
		return m, err
	}
	if !a.Verified {
		return nil, errVerified
	}
	if m, err = s.create(a); err != nil {
		return nil, err
	}
	return m, s.Store.SaveMerchant(ctx, m)
}

func (s *Server) create(a *state.Account) (*state.Merchant, error) {
	m := &state.Merchant{Account: a.N, MchID: s.Store.MchID(a), APIv3Key: state.RandomSecret(32), VerifyBy: state.ByCertificate, RefundMS: firstRefundMS}
	own, err := makePair(pkix.Name{CommonName: m.MchID, Organization: []string{"微信商户系统"}, OrganizationalUnit: []string{a.Name}}, s.Wall.Now())
	if err != nil {
		return nil, err
	}
	m.Serial, m.PrivateKey, m.Certificate = own.serial, own.key, own.certificate
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	m.PublicKeyID = s.Store.PublicKeyID(m.MchID)
	if m.PlatformKey, err = privatePEM(key); err != nil {
		return nil, err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	m.PublicKey = encode("PUBLIC KEY", public)
	return m, addCertificate(m, s.Wall.Now())
}

// addCertificate gives a merchant a new platform certificate, which signs from now on.
func addCertificate(m *state.Merchant, now time.Time) error {
	p, err := makePair(pkix.Name{CommonName: "Tenpay.com sign", Organization: []string{"Tenpay.com"}, OrganizationalUnit: []string{"Tenpay.com CA Center"}}, now)
	if err != nil {
		return err
	}
	m.Platform = append(m.Platform, state.PayCertificate{Serial: p.serial, PrivateKey: p.key, Certificate: p.certificate,
		From: clock.Millis(now), Until: clock.Millis(now.AddDate(certYears, 0, 0))})
	m.Platform = m.Platform[max(0, len(m.Platform)-keptCerts):]
	return nil
}

// Change is what can be set about a merchant; nil leaves it.
type Change struct {
	VerifyBy *string `json:"verify_by"`
	RefundMS *int64  `json:"refund_ms"`
}

// Change sets it. By public key means: by nothing else, as merchants of 2024 and later.
func (s *Server) Change(ctx context.Context, a *state.Account, c Change) (*state.Merchant, error) {
	return s.change(ctx, a, func(m *state.Merchant) error {
		if c.RefundMS != nil {
			if *c.RefundMS < 0 || *c.RefundMS > longestRefund {
				return invalid("refund_ms", "range")
			}
			m.RefundMS = *c.RefundMS
		}
		if c.VerifyBy == nil || *c.VerifyBy == m.VerifyBy {
			return nil
		}
		m.VerifyBy = *c.VerifyBy
		switch m.VerifyBy {
		case state.ByPublicKey:
			m.Platform = nil
			return nil
		case state.ByCertificate:
			return addCertificate(m, s.Wall.Now())
		}
		return invalid("verify_by", "kind")
	})
}

// Rotate replaces the platform certificate: the new one signs at once, the one before it stays in the list.
func (s *Server) Rotate(ctx context.Context, a *state.Account) (*state.Merchant, error) {
	return s.change(ctx, a, func(m *state.Merchant) error {
		if m.VerifyBy == state.ByPublicKey {
			return errByKey
		}
		return addCertificate(m, s.Wall.Now())
	})
}

func (s *Server) change(ctx context.Context, a *state.Account, fn func(*state.Merchant) error) (*state.Merchant, error) {
	s.desk.make.Lock()
	defer s.desk.make.Unlock()
	m, err := s.Store.MerchantOf(ctx, a.N)
	if err != nil {
		return nil, err
	}
	if err := fn(m); err != nil {
		return nil, err
	}
	if err := s.Store.SaveMerchant(ctx, m); err != nil {
		return nil, err
	}
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	delete(s.desk.read, m.MchID)
	return m, nil
}

// keysOf reads a merchant's keys once.
func (s *Server) keysOf(ctx context.Context, mchid string) (*keys, error) {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	if k := s.desk.read[mchid]; k != nil {
		return k, nil
	}
	m, err := s.Store.MerchantByID(ctx, mchid)
	if err != nil {
		return nil, err
	}
	k, err := read(m)
	if err == nil {
		s.desk.read[mchid] = k
	}
	return k, err
}

// keysOfAccount reads the keys of an account's merchant.
func (s *Server) keysOfAccount(ctx context.Context, account int64) (*keys, error) {
	m, err := s.Store.MerchantOf(ctx, account)
	if err != nil {
		return nil, err
	}
	return s.keysOf(ctx, m.MchID)
}

func invalid(field, key string) error {
	return errs.InvalidFields([]errs.Field{{Field: field, Key: key}})
}
