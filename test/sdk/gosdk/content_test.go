package gosdk

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/silenceper/wechat/v2/officialaccount/broadcast"
	"github.com/silenceper/wechat/v2/officialaccount/draft"
	"github.com/silenceper/wechat/v2/officialaccount/freepublish"
	"github.com/silenceper/wechat/v2/officialaccount/material"
	"github.com/silenceper/wechat/v2/officialaccount/message"
)

// picture is a PNG of one point.
var picture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82")

// TestContent goes through materials, drafts, publishing, mass messages and statistics.
func TestContent(t *testing.T) {
	t.Parallel()
	a := register(t, "go-content", "safe", true)
	thumb := a.materials()
	a.publishing(thumb)
	a.massMessages(thumb)
	a.statistics()
}

func (a *account) materials() (thumb string) {
	m := a.sdk.GetMaterial()
	thumb, address, err := m.AddMaterialFromReader(material.MediaTypeImage, "封面.png", bytes.NewReader(picture))
	if err != nil || thumb == "" || address == "" {
		a.Fatalf("material: %q %q %v", thumb, address, err)
	}
	list, err := m.BatchGetMaterial(material.PermanentMaterialTypeImage, 0, 20)
	if err != nil || list.TotalCount != 1 || list.Item[0].MediaID != thumb {
		a.Errorf("materials: %+v %v", list, err)
	}
	count, err := m.GetMaterialCount()
	if err != nil || count.ImageCount != 1 {
		a.Errorf("count: %+v %v", count, err)
	}
	inside, err := m.ImageUpload(writeFile(a.T, "inside.png", picture))
	if err != nil || inside == "" {
		a.Errorf("uploadimg: %q %v", inside, err)
	}
	if err := m.DeleteMaterial("none"); err == nil || !strings.Contains(err.Error(), "40007") {
		a.Errorf("a material that is not there: %v", err)
	}
	return thumb
}

func (a *account) addDraft(thumb, title string) string {
	a.Helper()
	id, err := a.sdk.GetDraft().AddDraft([]*draft.Article{{Title: title, Author: "青云", Content: "<p>正文 & 说明</p>", ThumbMediaID: thumb, Digest: "摘要"}})
	if err != nil || id == "" {
		a.Fatalf("draft: %q %v", id, err)
	}
	return id
}

func (a *account) publishing(thumb string) {
	d, p := a.sdk.GetDraft(), a.sdk.GetFreePublish()
	id := a.addDraft(thumb, "办事指南")
	a.no("update", d.UpdateDraft(&draft.Article{Title: "办事指南（新）", Content: "<p>新</p>", ThumbMediaID: thumb}, id, 0))
	got, err := d.GetDraft(id)
	if err != nil || len(got) != 1 || got[0].Title != "办事指南（新）" {
		a.Errorf("draft: %+v %v", got, err)
	}
	if n, err := d.CountDraft(); err != nil || n != 1 {
		a.Errorf("drafts: %d %v", n, err)
	}
	if list, err := d.PaginateDraft(0, 10, true); err != nil || list.TotalCount != 1 {
		a.Errorf("page of drafts: %+v %v", list, err)
	}
	job, err := p.Publish(id)
	if err != nil || job == 0 {
		a.Fatalf("publish: %d %v", job, err)
	}
	if m := a.next(); m.Event != "PUBLISHJOBFINISH" {
		a.Errorf("after publishing: %+v", m)
	}
	var status freepublish.PublishStatusList
	a.until("the publication", func() bool {
		status, err = p.SelectStatus(job)
		return err == nil && status.PublishStatus == freepublish.PublishStatusSuccess
	})
	if status.ArticleID == "" || status.ArticleDetail.Count != 1 || status.ArticleDetail.Items[0].ArticleURL == "" {
		a.Errorf("published: %+v", status)
	}
	if list, err := p.First(status.ArticleID); err != nil || len(list) != 1 || list[0].Title != "办事指南（新）" {
		a.Errorf("article: %+v %v", list, err)
	}
	if list, err := p.Paginate(0, 10, true); err != nil || list.TotalCount != 1 {
		a.Errorf("published articles: %+v %v", list, err)
	}
	a.no("delete", p.Delete(status.ArticleID, 0))
	gone := a.addDraft(thumb, "不发了")
	a.no("delete a draft", d.DeleteDraft(gone))
}

func (a *account) massMessages(thumb string) {
	b := a.sdk.GetBroadcast()
	if _, err := b.SetSpeed(0); err != nil {
		a.Errorf("speed: %v", err)
	}
	if speed, err := b.GetSpeed(); err != nil || speed.RealSpeed == 0 {
		a.Errorf("speed: %+v %v", speed, err)
	}
	if _, err := b.Preview().SendText(&broadcast.User{OpenID: []string{a.openid}}, "预览"); err != nil {
		a.Errorf("preview: %v", err)
	}
	sent, err := a.sdk.GetBroadcast().SendNews(nil, a.addDraft(thumb, "群发"), true)
	if err != nil || sent.MsgID == 0 {
		a.Fatalf("mass: %+v %v", sent, err)
	}
	if m := a.next(); m.Event != message.EventMassSendJobFinish {
		a.Errorf("after the mass message: %+v", m)
	}
	status, err := a.sdk.GetBroadcast().GetMassStatus(fmt.Sprint(sent.MsgID))
	if err != nil || status.MsgStatus != "SEND_SUCCESS" {
		a.Errorf("status: %+v %v", status, err)
	}
	if got := a.shown("news"); got["origin"] != "mass" {
		a.Errorf("shown: %v", got)
	}
	a.no("delete", a.sdk.GetBroadcast().Delete(sent.MsgID, 0))
}

func (a *account) statistics() {
	cube := a.sdk.GetDataCube()
	// Yesterday's are ready at eight in the morning.
	day := time.Now().In(time.FixedZone("CST", 8*3600)).AddDate(0, 0, -2).Format("2006-01-02")
	_, err := cube.GetUserSummary(day, day)
	a.no("user summary", err)
	if all, err := cube.GetUserAccumulate(day, day); err != nil || len(all.List) != 1 {
		a.Errorf("followers by day: %+v %v", all, err)
	}
	_, err = cube.GetUpstreamMsg(day, day)
	a.no("messages", err)
	_, err = cube.GetUpstreamMsgHour(day, day)
	a.no("messages by hour", err)
	_, err = cube.GetInterfaceSummary(day, day)
	a.no("interface", err)
	_, err = cube.GetArticleSummary(day, day)
	a.no("articles", err)
	if _, err := cube.GetUserSummary("2026-01-01", "2026-03-01"); err == nil || !strings.Contains(err.Error(), "61501") {
		a.Errorf("a long range: %v", err)
	}
}

// writeFile is for calls of the SDK that take a file's name.
func writeFile(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
