package accountweb

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"weizheng/kernel/account"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

var attempt = job.Attempt{N: 1, Max: 1}

func sources(t *testing.T, folders ...string) string {
	t.Helper()
	var all strings.Builder
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
	}
	return all.String()
}

// notKeys are words of the sources that look like message keys.
var notKeys = map[string]bool{
	"account.read": true, "account.edit": true, "account.access": true, "account.check": true, "account.certify": true,
	"account.fault": true,
}

// TestEveryKeyHasWords reads the keys out of the sources: a new one without a text fails here, not on a clerk's screen.
func TestEveryKeyHasWords(t *testing.T) {
	t.Parallel()
	w := ownWords()
	keys := regexp.MustCompile(`"((?:account|wechat)\.[a-z_]+(?:\.[a-z_]+)*)"`)
	n := 0
	for _, m := range keys.FindAllStringSubmatch(sources(t, "..", ".", "../../../wechat", "../../../wechat/client"), -1) {
		if key := m[1]; !notKeys[key] {
			n++
			if !w.texts.Has(key) {
				t.Errorf("no text for %s", key)
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d keys found: the pattern has gone blind", n)
	}
	if !w.texts.Has("required") {
		t.Error("no text for required")
	}
}

// TestEveryFindingHasWords: what is not right also says what to do.
func TestEveryFindingHasWords(t *testing.T) {
	t.Parallel()
	w := ownWords()
	source := sources(t, "..")
	made := regexp.MustCompile(`finding\("[a-z]+", (OK|Warn|Fail|state), "([a-z_]+)"`).FindAllStringSubmatch(source, -1)
	for _, direction := range []string{"clock_behind", "clock_ahead"} {
		if !strings.Contains(source, `"`+direction+`"`) {
			t.Errorf("%s is gone", direction)
		}
		made = append(made, []string{"", "Fail", direction})
	}
	for _, m := range made { // "network_" + a word of broken
		if stem := m[2]; strings.HasSuffix(stem, "_") {
			m[2] += "away"
			for _, word := range brokenWords(t, source) {
				made = append(made, []string{"", m[1], stem + word})
			}
		}
	}
	made = append(made, []string{"", "Fail", "network_answer"})
	if len(made) < 44 {
		t.Errorf("only %d findings found: the pattern has gone blind", len(made))
	}
	for _, m := range made {
		key := "account.check." + m[2]
		if !w.texts.Has(key) || m[1] != "OK" && !w.texts.Has(key+".next") {
			t.Errorf("%s %s is without words", m[1], key)
		}
	}
}

// brokenWords are what the domain's func broken can answer.
func brokenWords(t *testing.T, source string) []string {
	t.Helper()
	_, body, ok := strings.Cut(source, "func broken(err error) string {")
	body, _, _ = strings.Cut(body, "\n}\n")
	var words []string
	for _, m := range regexp.MustCompile(`return "([a-z]+)"`).FindAllStringSubmatch(body, -1) {
		words = append(words, m[1])
	}
	if !ok || len(words) < 5 {
		t.Fatalf("the words of broken connections are not found: %v", words)
	}
	return words
}

// TestTheGatewaysReasonsHaveWords: they are counted by one word each.
func TestTheGatewaysReasonsHaveWords(t *testing.T) {
	t.Parallel()
	w := ownWords()
	found := regexp.MustCompile(`return "([a-z_]+)", http\.Status`).FindAllStringSubmatch(sources(t, "../../../gateway"), -1)
	if len(found) < 8 {
		t.Errorf("only %d reasons found: the pattern has gone blind", len(found))
	}
	for _, m := range found {
		if m[1] != "account" && w.maybe("account.refused."+m[1], nil) == "" { // an unknown account counts nowhere
			t.Errorf("no words for %s", m[1])
		}
	}
}

func TestTextsAreCleanAndUsed(t *testing.T) {
	t.Parallel()
	var all map[string]string
	if err := json.Unmarshal(texts, &all); err != nil {
		t.Fatal(err)
	}
	source := sources(t, "..", ".", "../../../wechat", "../../../wechat/client", "../../../gateway", "../../../module/reply/replyweb", "../../../module/menu/menuweb")
	for key, text := range all {
		if strings.TrimSpace(text) != text || text == "" {
			t.Errorf("%s: %q", key, text)
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(key, ".next"), ".detail")
		if kept, ok := strings.CutSuffix(key, ".kept"); ok && all[kept] != "" {
			continue // what the house says of a key that was kept without its parameters
		}
		word := stem[strings.LastIndexByte(stem, '.')+1:]
		sort, kind, made := strings.Cut(word, "_") // "network_" + "dns"
		made = made && strings.Contains(source, `"`+sort+`_"+`) && strings.Contains(source, `"`+kind+`"`)
		if !made && !strings.Contains(source, `"`+key+`"`) && !strings.Contains(source, `"`+word+`"`) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func TestReason(t *testing.T) {
	t.Parallel()
	w := ownWords()
	for word, want := range map[string]string{"signature": "签名不对，两边的令牌不一样", "novelty": "novelty"} {
		if got := w.reason(word); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestParams(t *testing.T) {
	t.Parallel()
	w := ownWords()
	f := account.Finding{Name: "quota", Key: "account.check.quota_used", Params: map[string]any{
		"purpose": "群发", "calls": float64(5_000_000), "daily": float64(0), "rid": "", "mode": "safe",
	}}
	p := w.params(f)
	for name, want := range map[string]string{"calls": "5000000", "daily": "未公布", "rid": "—", "mode": "安全（加密）"} {
		if p[name] != want {
			t.Errorf("%s: %v, want %s", name, p[name], want)
		}
	}
	if got := w.finding(f).Detail; got != "已用 5000000 次，一天 未公布 次。" {
		t.Errorf("%q", got)
	}
	f = account.Finding{Name: "token", Key: "account.check.token_failed", Params: map[string]any{"key": "db.away"}}
	if got := w.finding(f).Detail; !strings.Contains(got, "数据库") {
		t.Errorf("%q", got)
	}
	f.Params["key"] = "no.such.key"
	if got := w.finding(f).Detail; got != "原因不明" {
		t.Errorf("%q", got)
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	w := ownWords()
	for _, c := range []struct {
		err  error
		want string
	}{
		{errs.InvalidFields([]errs.Field{{Field: "a", Key: "account.unit"}, {Field: "b", Key: "required"}}), "请选一个在用的单位；必填"},
		{errs.New(errs.Conflict, "account.key_same"), "这就是现在用的密钥。要更换，请先在公众平台生成一个新的。"},
		{errs.New(errs.Internal, "account.path"), "没有办成"},
		{errs.New(errs.Busy, "no.such.key"), "现在访问的人太多"},
	} {
		if got := w.problem(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
