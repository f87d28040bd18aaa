package main

import (
	"crypto/sha1"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// secrets are the account's, as both sides know them.
type secrets struct{ appid, token, key, original string }

func secretsFlags(f *flag.FlagSet) *secrets {
	s := &secrets{}
	f.StringVar(&s.appid, "appid", "wxb11529c136998cb6", "appid")
	f.StringVar(&s.token, "token", "AAAAA", "callback token")
	f.StringVar(&s.key, "key", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "EncodingAESKey")
	f.StringVar(&s.original, "original", "gh_0123456789ab", "original id")
	return s
}

var words = []string{"社保卡怎么办", "100", "1000", "身份证丢了", "停水了", "今天天气怎么样", "办事大厅几点上班", "呜啦啦", "A", "公积金提取"}

// requests makes n callbacks as the bytes that go over the wire.
func requests(target *url.URL, s *secrets, mode string, n, people int, first int64) ([][]byte, error) {
	out := make([][]byte, n)
	now := time.Now()
	for i := range out {
		openid := fmt.Sprintf("oLoad%023d", (int64(i)+first)%int64(people))
		plain := fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName>"+
			"<CreateTime>%d</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content><MsgId>%d</MsgId></xml>",
			s.original, openid, now.Unix(), words[i%len(words)], first+int64(i))
		ts := strconv.FormatInt(now.Unix(), 10)
		nonce := strconv.FormatUint(rand.Uint64(), 36)
		q := url.Values{"signature": {sign(s.token, ts, nonce)}, "timestamp": {ts}, "nonce": {nonce}, "openid": {openid}}
		body := plain
		if mode != "plain" {
			sealed, err := util.EncryptMsg([]byte(strconv.FormatUint(rand.Uint64()|1<<63, 10))[:16], []byte(plain), s.appid, s.key)
			if err != nil {
				return nil, err
			}
			q.Set("encrypt_type", "aes")
			q.Set("msg_signature", sign(s.token, ts, nonce, string(sealed)))
			body = fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt></xml>", s.original, sealed)
		}
		out[i] = []byte(fmt.Sprintf("POST %s?%s HTTP/1.1\r\nHost: %s\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s",
			target.Path, q.Encode(), target.Host, len(body), body))
	}
	return out, nil
}

func sign(parts ...string) string {
	sort.Strings(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}
