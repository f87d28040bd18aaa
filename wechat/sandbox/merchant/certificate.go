package merchant

import (
	"context"

	"weizheng/platform/clock"
)

// certificates lists the platform certificates, encrypted with the merchant's APIv3 key. WeChat docs: 下载平台证书.
func (s *Server) certificates(_ context.Context, c *call) (any, error) {
	if len(c.merchant.Platform) == 0 {
		return nil, noSuch("无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。")
	}
	type row struct {
		Serial  string `json:"serial_no"`
		From    string `json:"effective_time"`
		Until   string `json:"expire_time"`
		Content sealed `json:"encrypt_certificate"`
	}
	var rows []row
	for _, p := range c.merchant.Platform {
		rows = append(rows, row{p.Serial, dated(p.From), dated(p.Until), c.merchant.seal([]byte(p.Certificate), "certificate")})
	}
	return map[string]any{"data": rows}, nil
}

// dated writes an instant as WeChat Pay does.
func dated(ms int64) string {
	return clock.FromMillis(ms).In(clock.Zone).Format("2006-01-02T15:04:05-07:00")
}
