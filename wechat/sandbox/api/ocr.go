package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"weizheng/wechat/sandbox/media"
)

// pictureBytes is what a picture must stay below. WeChat docs: OCR.
const pictureBytes = 2 << 20

// fixtures are what a picture is recognised as when nobody said otherwise: of invented people and things.
var fixtures = map[string]string{
	"idcard":         `{"type":"Front","name":"张三","id":"110101199003070134","addr":"青云市青云区人民路1号","gender":"男","nationality":"汉"}`,
	"bankcard":       `{"number":"6228480000000000000"}`,
	"driving":        `{"plate_num":"青A00000","vehicle_type":"小型轿车","owner":"张三","addr":"青云市青云区人民路1号","use_character":"非营运","model":"青云牌QY7000","vin":"LQY00000000000000","engine_num":"000000","register_date":"2020-01-01","issue_date":"2020-01-01","plate_num_b":"青A00000","record":"000000000000","passengers_num":"5人","total_quality":"1500kg","prepare_quality":"1200kg"}`,
	"drivinglicense": `{"id_num":"110101199003070134","name":"张三","sex":"男","nationality":"中国","address":"青云市青云区人民路1号","birth_date":"1990-03-07","issue_date":"2015-01-01","car_class":"C1","valid_from":"2015-01-01","valid_to":"2025-01-01","official_seal":"青云市公安局交通警察支队"}`,
	"bizlicense":     `{"reg_num":"91110000000000000A","serial":"","legal_representative":"张三","enterprise_name":"青云市示例有限公司","type_of_organization":"有限责任公司","address":"青云市青云区人民路1号","type_of_enterprise":"有限责任公司","business_scope":"示例","registered_capital":"壹佰万元整","paid_in_capital":"","valid_period":"长期","registered_date":"2020年01月01日","cert_position":{"pos":{"left_top":{"x":0,"y":0},"right_top":{"x":100,"y":0},"right_bottom":{"x":100,"y":100},"left_bottom":{"x":0,"y":100}}},"img_size":{"w":100,"h":100}}`,
	"comm":           `{"items":[{"text":"青云市政务服务中心","pos":{"left_top":{"x":0,"y":0},"right_top":{"x":100,"y":0},"right_bottom":{"x":100,"y":20},"left_bottom":{"x":0,"y":20}}}],"img_size":{"w":100,"h":100}}`,
	"menu":           `{"content":"{\"menu_items\":[{\"name\":\"清汤面\",\"price\":12}]}"}`,
	"qrcode":         `{"code_results":[],"img_size":{"w":100,"h":100}}`,
	"aicrop":         `{"results":[{"crop_left":0,"crop_top":0,"crop_right":100,"crop_bottom":100}],"img_size":{"w":100,"h":100}}`,
}

// Recognisers are the kinds of recognition that have a fixture, and voices and translations.
func Recognisers() []string {
	return append(slices.Sorted(maps.Keys(fixtures)), "voice", "translation")
}

// recogniseHandlers are those of pictures, voices and translation. WeChat's engines are not here: what was said through
// PUT /sandbox/api/ocr is what is recognised, else the fixture.
func (s *Server) recogniseHandlers() map[string]handler {
	all := map[string]handler{
		"/cgi-bin/media/voice/addvoicetorecofortext":  s.addVoice,
		"/cgi-bin/media/voice/queryrecoresultfortext": s.voiceText,
		"/cgi-bin/media/voice/translatecontent":       s.translate,
	}
	for kind := range fixtures {
		path := "/cv/ocr/" + kind
		if kind == "qrcode" || kind == "aicrop" {
			path = "/cv/img/" + kind
		}
		all[path] = func(ctx context.Context, c *call) (any, error) { return s.recognise(ctx, c, kind) }
	}
	return all
}

// recognise answers what a picture shows.
func (s *Server) recognise(ctx context.Context, c *call, kind string) (any, error) {
	subject, err := c.picture()
	if err != nil {
		return nil, err
	}
	says, ok, err := s.Store.Recognise(ctx, kind, subject)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		says = fixtures[kind]
	case says == "":
		return nil, fail(101001, "certificate not found")
	}
	out := map[string]any{}
	if err := json.Unmarshal([]byte(says), &out); err != nil {
		return nil, err
	}
	out["errcode"], out["errmsg"] = 0, "ok"
	return out, nil
}

// picture names the picture of a call: by its address, or by the digest of its content.
func (c *call) picture() (string, error) {
	if address := c.query.Get("img_url"); address != "" {
		if u, err := url.Parse(address); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return "", fail(101000, "invalid image url")
		}
		return address, nil
	}
	_, content, err := c.upload("img")
	if err != nil || len(content) >= pictureBytes || !strings.HasPrefix(media.Sniff(content), "image/") {
		return "", fail(101002, "invalid image")
	}
	return digestOf(content), nil
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// knowCode remembers what the picture of a code says, for /cv/img/qrcode.
func (s *Server) knowCode(ctx context.Context, picture []byte, says string) error {
	type corner struct {
		X int `json:"x"`
		Y int `json:"y"`
	}
	b, err := json.Marshal(map[string]any{
		"code_results": []any{map[string]any{"type_name": "QR_CODE", "data": says, "pos": map[string]corner{
			"left_top": {0, 0}, "right_top": {qrPixels, 0}, "right_bottom": {qrPixels, qrPixels}, "left_bottom": {0, qrPixels}}}},
		"img_size": map[string]int{"w": qrPixels, "h": qrPixels},
	})
	if err != nil {
		return err
	}
	return s.Store.SetRecognition(ctx, "qrcode", digestOf(picture), string(b))
}
