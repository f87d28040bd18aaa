package state

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// By what a merchant checks who WeChat is.
const (
	ByCertificate = "certificate" // 微信支付平台证书, which expire and are replaced
	ByPublicKey   = "public_key"  // 微信支付公钥; then there are no platform certificates
)

// Merchant is an account's merchant of WeChat Pay with everything that its owner and the platform hold. Keys and
// certificates are PEM.
type Merchant struct {
	Account     int64            `json:"-"`
	MchID       string           `json:"mchid"`
	Serial      string           `json:"serial"` // of the merchant's certificate
	PrivateKey  string           `json:"private_key"`
	Certificate string           `json:"certificate"`
	APIv3Key    string           `json:"api_v3_key"` // 32 characters
	VerifyBy    string           `json:"verify_by"`
	PublicKeyID string           `json:"public_key_id"` // PUB_KEY_ID_…
	PublicKey   string           `json:"public_key"`
	PlatformKey string           `json:"platform_key"` // private, of PublicKey
	Platform    []PayCertificate `json:"platform"`     // the newest last, which signs
	RefundMS    int64            `json:"refund_ms"`    // civil, until a refund is done
}

// PayCertificate is a platform certificate with its private key; its times are wall time.
type PayCertificate struct {
	Serial      string `json:"serial"`
	PrivateKey  string `json:"private_key"`
	Certificate string `json:"certificate"`
	From        int64  `json:"from_at"`
	Until       int64  `json:"until_at"`
}

// ErrNoMerchant says that an account cannot be paid.
var ErrNoMerchant = errs.New(errs.NotFound, "sandbox.unknown_merchant")

func scanMerchant(scan db.Scan) (*Merchant, error) {
	var m Merchant
	var account int64
	var doc []byte
	if err := scan(&account, &doc); err != nil {
		return nil, err
	}
	err := json.Unmarshal(doc, &m)
	m.Account = account
	return &m, err
}

// MerchantOf finds an account's merchant, ErrNoMerchant without one.
func (s *Store) MerchantOf(ctx context.Context, account int64) (*Merchant, error) {
	m, err := db.One(ctx, s.db, scanMerchant, "select account, doc from merchant where account=$1", account)
	return m, none(err, ErrNoMerchant)
}

// MerchantByID finds a merchant by its mchid.
func (s *Store) MerchantByID(ctx context.Context, mchid string) (*Merchant, error) {
	m, err := db.One(ctx, s.db, scanMerchant, "select account, doc from merchant where mchid=$1", mchid)
	return m, none(err, ErrNoMerchant)
}

// SaveMerchant keeps an account's only merchant, in place of what was known of it.
func (s *Store) SaveMerchant(ctx context.Context, m *Merchant) error {
	doc, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into merchant (account, mchid, doc) values ($1, $2, $3)
			on conflict (account) do update set doc=excluded.doc`, m.Account, m.MchID, string(doc))
		return err
	})
}

// MchID is the number of an account's merchant: ten digits, the same for the same seed.
func (s *Store) MchID(a *Account) string {
	sum := s.derive("mchid", a.ID)
	return fmt.Sprintf("16%08d", (uint32(sum[0])<<24|uint32(sum[1])<<16|uint32(sum[2])<<8|uint32(sum[3]))%100_000_000)
}

// PublicKeyID names the public key of WeChat Pay for a merchant.
func (s *Store) PublicKeyID(mchid string) string {
	sum := s.derive("public key", mchid)
	return "PUB_KEY_ID_01" + mchid + hex.EncodeToString(sum[:])[:20]
}

// RandomSecret returns n letters and digits.
func RandomSecret(n int) string { return randomAlnum(n) }
