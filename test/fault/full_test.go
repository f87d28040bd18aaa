package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFull: SQLite may not grow by a page any more.
func TestFull(t *testing.T) {
	t.Parallel()
	p := open(t, sqlite)
	limit := func(pages int) {
		if _, err := p.House.DB.Pool().ExecContext(t.Context(), fmt.Sprintf("pragma max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	p.full(func() { limit(p.count("pragma page_count")) }, func() { limit(1 << 30) })
}

// TestFullDisk: a file system without space, which takes the right to mount one.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	p := newPlace(t, sqlite)
	small := t.TempDir()
	if err := unix.Mount("tmpfs", small, "tmpfs", 0, "size=32m"); err != nil {
		t.Skipf("cannot mount a small file system here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(small, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	if err := copyFolder(small, p.data); err != nil {
		t.Fatal(err)
	}
	p.data, p.url = small, "sqlite:"+filepath.Join(small, "weizheng.db")
	p.open()
	ballast := filepath.Join(small, "ballast")
	p.full(func() {
		var s unix.Statfs_t
		if err := unix.Statfs(small, &s); err != nil {
			t.Fatal(err)
		}
		const rest = 256 << 10
		if err := os.WriteFile(ballast, make([]byte, int64(s.Bavail)*s.Bsize-rest), 0o600); err != nil {
			t.Fatal(err)
		}
	}, func() {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	})
}

// full lets citizens and staff meet a house whose disk is full, and then is not any more.
func (p *place) full(fill, free func()) {
	t := p.T
	citizens := p.people("f", 4)
	for _, c := range citizens {
		p.say(c, "在吗 "+c)
	}
	p.Quiet()
	agent, admin := p.Staff("zuoxi1"), p.Staff("xitong")
	waiting := p.conversation(citizens[0])

	fill()
	for i := 0; p.door.refused(http.StatusServiceUnavailable) < 12; i++ {
		if i > 2000 {
			t.Fatal("the disk does not get full")
		}
		<-p.door.over(p.say(citizens[i%len(citizens)], fmt.Sprintf("社保卡怎么办（第 %d 次问）", i)))
	}
	for _, try := range p.door.all() {
		if try.status != http.StatusOK && try.status != http.StatusServiceUnavailable {
			t.Errorf("a callback got %d %s", try.status, try.body)
		}
	}
	answer := fmt.Sprintf("/console/api/conversations/%d/answers", waiting)
	status, body := agent.Do(http.MethodPost, answer, map[string]any{"text": "在的", "key": "1"})
	taken := status < http.StatusMultipleChoices // a few bytes may still have fitted
	if !taken && (status != http.StatusServiceUnavailable || !chinese(detail(body))) {
		t.Errorf("an answer on a full disk: %d %s", status, body)
	}
	if status, _ := agent.Do(http.MethodGet, "/console/api/conversations", nil); status != http.StatusOK {
		t.Errorf("looking at the inbox on a full disk: %d", status)
	}

	free()
	after := p.say(citizens[1], "停水了（现在呢）")
	<-p.door.over(after)
	p.Quiet()
	if p.arrived(citizens[0], "在的") != 0 && !taken {
		t.Error("an answer that was refused has been sent")
	}
	agent.Must(http.MethodPost, answer, map[string]any{"text": "在的", "key": "1"}, nil)
	p.Quiet()
	if n := p.arrived(citizens[0], "在的"); n != 1 {
		t.Errorf("the answer arrived %d times", n)
	}
	acked := p.door.acknowledged()
	if last := acked[len(acked)-1]; last.message.MsgID != after || !strings.Contains(last.answer, "96116") {
		t.Errorf("with space again %q got %d %q", last.message.Content, last.status, last.answer)
	}
	for _, d := range acked {
		recorded(p, d)
	}
	p.gap(admin, p.door.refused(http.StatusServiceUnavailable))
}

// gap waits until the refusals are written down, compares their number and looks whether the console shows them.
func (p *place) gap(b browser, refused int) {
	t := p.T
	t.Helper()
	eventually(t, "the gap is written", func() bool { return p.count(`select count(*) from inbound_gap`) > 0 })
	if n := p.count(`select cast(coalesce(sum(refused),0) as bigint) from inbound_gap`); n != refused {
		t.Errorf("%d refusals are written down, WeChat got %d", n, refused)
	}
	var health struct {
		Findings []struct{ Name, Title, Detail, Next string }
	}
	b.Must(http.MethodGet, "/console/api/health", nil, &health)
	shown := false
	for _, f := range health.Findings {
		if f.Name == "gateway.gap" && strings.HasPrefix(f.Title, "青云政务") && strings.Contains(f.Detail, fmt.Sprintf("%d 次", refused)) && f.Next != "" {
			shown = true
		}
	}
	if !shown {
		t.Errorf("the console does not show the gap of %d: %+v", refused, health.Findings)
	}
	evidence(t, facts{"refused": refused, "acknowledged": len(p.door.acknowledged())})
}

// detail is what an error answer says to people.
func detail(body []byte) string {
	var problem struct{ Detail string }
	_ = json.Unmarshal(body, &problem) // then it says nothing
	return problem.Detail
}

// chinese reports whether a text is Chinese words and no message key.
func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }) && !strings.ContainsAny(s, "{}_")
}
