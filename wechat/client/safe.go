package client

import (
	"net/netip"
	"regexp"
	"strings"
)

var (
	ridPattern   = regexp.MustCompile(`\brid:\s*([0-9a-f]{1,16}(?:-[0-9a-f]{1,16}){1,4})\b`)
	addrPattern  = regexp.MustCompile(`[0-9a-fA-F:.]{7,45}`)
	fieldPattern = regexp.MustCompile(`^data\.(?:thing|number|letter|symbol|character_string|time|date|amount|phone_number|car_number|name|phrase|enum|const|keyword|first|remark)[0-9]{0,3}(?:\.value)?$`)
)

// vocabulary are the words of WeChat's own error messages. Whatever else stands in an errmsg may be somebody's openid,
// name or text and is left out; the table of codes says in Chinese what is meant anyway.
var vocabulary = wordSet(`
	a access access_token account activity address admin agree all allow allowed already and another any api api_name app
	appid appsecret argument arguments article articles at audio author bad banned batch been before begin belong bind bit
	blacklist block blocked body bound busy button buttons by call called can cannot category change channel check clear
	click client close code color comment component conditional confirm confirmed content conversation count create
	credential customer daily data date day default delete deleted denied description developer device digest does domain
	download draft duplicate during empty enable encoding end enough error event exceed exceeded exist exists expire
	expire_seconds expired fail failed fans field file filter find first follow for forbid forbidden format found frequency
	frequent from frozen function get grant_type group has have host id illegal image in includes incorrect index info
	input interaction interface internal invalid ip ipv6 is item items it json key keyword kf_account kf label latest length
	letter level limit link list location long mass matchrule max media media_id menu menuid message method min
	miniprogram minute minute-quota missing more msg msgtype must name need new news no not number of off ok on one only
	op open openid operation or original out over page param parameter parse password path per permission phone pic pic_url
	platform please post publish qrcode query quota reach reached recipient redirect_uri refresh_token refuse refused
	reject rejected remark repeat reply request require required response retry risk scene scene_id scene_str scope second
	secret send sending sent server service session set signature size space state status strategy sub sub_button subscribe
	subscriber subscription support supported suite system tag tagid template template_id text the thing thumb ticket time
	timeout title to today token too total touser try type unauthorized unionid unsubscribed update upload uri url use used
	user userid users utf-8 valid value verify video view voice wait was website whitelist window with within without word
	wrong xml you your
	canceled`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

const longestMsg = 200 // bytes of Error.Msg

// ridOf finds WeChat's request id in an errmsg.
func ridOf(errmsg string) string {
	if m := ridPattern.FindStringSubmatch(errmsg); m != nil {
		return m[1]
	}
	return ""
}

// addressIn finds the first IP address in an errmsg.
func addressIn(errmsg string) string {
	for _, s := range addrPattern.FindAllString(errmsg, 8) {
		if a, err := netip.ParseAddr(strings.Trim(s, ".:")); err == nil {
			return a.Unmap().String()
		}
	}
	return ""
}

// safeWords keeps of an errmsg the words of the vocabulary and the names of template fields.
func safeWords(errmsg string) string {
	errmsg, _, _ = strings.Cut(errmsg, "rid:")
	errmsg, _, _ = strings.Cut(errmsg, "hint:")
	var kept []string
	size := 0
	for word := range strings.FieldsSeq(errmsg) {
		word = strings.Trim(word, ",.;:!?[]()\"'")
		if !vocabulary[strings.ToLower(word)] && !fieldPattern.MatchString(word) {
			continue
		}
		if size += len(word) + 1; size > longestMsg {
			break
		}
		kept = append(kept, word)
	}
	return strings.Join(kept, " ")
}
