package sandbox

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"weizheng/wechat/sandbox/crowd"
)

// crowdStates, crowdActs and crowdOutcomes are what a report for people calls things.
var (
	crowdStates = map[string]string{crowd.Running: "正在跑", crowd.Done: "跑完了", crowd.Stopped: "被停下", crowd.Cut: "被中断"}
	crowdActs   = map[string]string{crowd.Follow: "关注", crowd.Ask: "提问", crowd.Tap: "点菜单", crowd.Open: "打开网页", crowd.Fill: "填表", crowd.Rate: "评价"}

	crowdOutcomes = []struct{ outcome, text string }{
		{crowd.Answered, "有回答"}, {crowd.Nothing, "无回复"}, {crowd.Returned, "表被退回"}, {crowd.Unavailable, "无法提供服务"},
		{crowd.Refused, "被拒绝"}, {crowd.Lost, "没等到"}, {crowd.Skipped, "无事可做"}, {crowd.Failed, "沙箱出错"},
	}
	crowdKinds = map[string]string{"text": "文字", "news": "图文", "image": "图片", "voice": "语音", "video": "视频", "music": "音乐", "page": "网页",
		"miniprogram": "小程序", "event": "菜单内容", "article": "文章"}
)

// printCrowd prints a report for people: what was done, what came back, how long it took, what went wrong, what never came.
func printCrowd(out io.Writer, v crowd.View) error {
	if _, err := fmt.Fprintf(out, "\n%d 位市民（种子 %d），共 %d 件事：\n\n", v.Order.Citizens, v.Order.Seed, v.Report.Count); err != nil {
		return err
	}
	head := []string{"做了什么", "次数"}
	for _, o := range crowdOutcomes {
		head = append(head, o.text)
	}
	rows := [][]string{append(head, "等待 p50", "p95", "p99", "最久（毫秒）")}
	for _, l := range v.Report.Acts {
		row := []string{crowdActs[l.Act], strconv.Itoa(l.Count)}
		for _, o := range crowdOutcomes {
			row = append(row, strconv.Itoa(l.Outcomes[o.outcome]))
		}
		for _, ms := range []float64{l.P50, l.P95, l.P99, l.Max} {
			row = append(row, fmt.Sprintf("%.1f", ms))
		}
		rows = append(rows, row)
	}
	if _, err := io.WriteString(out, aligned(rows)); err != nil {
		return err
	}
	_, err := io.WriteString(out, crowdDetails(v))
	return err
}

// aligned writes rows with their columns under each other, to the right; a Chinese character is as wide as two others.
func aligned(rows [][]string) string {
	width := func(text string) (n int) {
		for _, c := range text {
			if n++; c >= 0x2E80 {
				n++
			}
		}
		return n
	}
	widest := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widest[i] = max(widest[i], width(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			b.WriteString(strings.Repeat(" ", widest[i]-width(cell)+2) + cell)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// crowdDetails is what stands under the table.
func crowdDetails(v crowd.View) string {
	var b strings.Builder
	for _, l := range v.Report.Acts {
		if len(l.Kinds) > 0 {
			fmt.Fprintf(&b, "\n%s看到：%s", crowdActs[l.Act], counted(l.Kinds))
		}
		if l.SentBack > 0 {
			fmt.Fprintf(&b, "；表格被退回修改 %d 次", l.SentBack)
		}
	}
	if len(v.Report.Errors) > 0 {
		b.WriteString("\n\n出错时看到的：\n")
	}
	for _, f := range v.Report.Errors {
		fmt.Fprintf(&b, "  %6d 次  %s：%s\n", f.Count, crowdActs[f.Act], oneLine(f.Saw))
	}
	if len(v.Report.Missing) > 0 {
		b.WriteString("\n一直没有等到的：\n")
	}
	for _, s := range v.Report.Missing {
		fmt.Fprintf(&b, "  %s  %s %s\n", s.Citizen, crowdActs[s.Act], oneLine(s.Did))
	}
	if len(v.Report.Slowest) > 0 {
		b.WriteString("\n\n等得最久的：\n")
	}
	for _, s := range v.Report.Slowest {
		fmt.Fprintf(&b, "  %8.1f 毫秒  %s  %s %s → %s\n", s.TookMS, s.Citizen, crowdActs[s.Act], oneLine(s.Did), oneLine(cmp.Or(s.Saw, "（无）")))
	}
	if v.Behind > 0 {
		fmt.Fprintf(&b, "\n沙箱最多落后计划 %d 毫秒。\n", v.Behind)
	}
	return b.String()
}

// counted lists kinds of answers, the most frequent first.
func counted(kinds map[string]int) string {
	names := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int { return cmp.Or(cmp.Compare(kinds[b], kinds[a]), cmp.Compare(a, b)) })
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = fmt.Sprintf("%s %d", cmp.Or(crowdKinds[name], name), kinds[name])
	}
	return strings.Join(parts, "，")
}

// oneLine is the beginning of a text, on one line.
func oneLine(text string) string {
	const most = 60
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}
