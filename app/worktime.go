package app

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"weizheng/kernel/worktime/worktimeweb"
)

// worktime counts terms without a house: no configuration, no data folder.
func (c Commands) worktime() *cobra.Command {
	parent := &cobra.Command{Use: "worktime", Short: "工作日历：不用开系统，就能算到期时间", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	parent.AddCommand(c.due())
	return parent
}

func (c Commands) due() *cobra.Command {
	cmd := &cobra.Command{Use: "due", Short: "算到期时间：起算时间加若干工作日、自然日、月或小时", Args: cobra.NoArgs,
		Example: "  weizheng worktime due --from 2026-09-18T10:00 --days 5 --kind working\n" +
			"  weizheng worktime due --from 2026-09-18T10:00 --hours 24 --kind business-hours --json"}
	var in worktimeweb.DueIn
	f := cmd.Flags()
	f.StringVar(&in.From, "from", "", "起算时间，例如 2026-09-18T10:00；不写时区就是北京时间")
	f.StringVar(&in.Days, "days", "", "多少天")
	f.StringVar(&in.Hours, "hours", "", "多少小时")
	f.StringVar(&in.Months, "months", "", "多少个月")
	f.StringVar(&in.Kind, "kind", "", "working 工作日，calendar 自然日，running-hours 连续小时，business-hours 工作小时")
	f.StringVar(&in.Extend, "extend", "", "延长多少，单位与期限相同")
	f.StringVar(&in.Start, "start", "", "opening：下班后来的算下一个工作日")
	f.StringVar(&in.Rolls, "rolls", "", "none：自然日遇休息日不顺延")
	f.StringVar(&in.End, "end", "", "close：到当天下班为止，而不是 24:00")
	f.StringArrayVar(&in.Pauses, "pause", nil, "不计的时间，起/止，可以写多次；还没恢复的写 起/")
	f.StringVar(&in.Calendar, "calendar", "", "放假安排文件（JSON 或 xlsx），补充或代替自带的 2024 至 2026 年")
	f.BoolVar(&in.JSON, "json", false, "输出 JSON")
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return worktimeFault{fmt.Errorf("参数写得不对（%w）。请看 weizheng worktime due --help", err)}
	})
	cmd.RunE = func(*cobra.Command, []string) error {
		if err := worktimeweb.Due(in, c.out); err != nil {
			return worktimeFault{err}
		}
		return nil
	}
	return cmd
}

// worktimeFault is a fault of the words typed: its own sentence, and the exit code of wrong usage.
type worktimeFault struct{ error }

func (worktimeFault) Is(target error) bool { return errors.Is(ErrUsage, target) }
