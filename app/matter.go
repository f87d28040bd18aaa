package app

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"weizheng/kernel/matter"
	"weizheng/kernel/matter/matterweb"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/kernel/worktime"
	"weizheng/platform/db"
)

// matterGuard finds a condition by the name that definitions use.
func (h *House) matterGuard(name string) (matter.Guard, bool) {
	for _, g := range h.Lists.Guards() {
		if g.Name == name {
			return g.Check, true
		}
	}
	return nil, false
}

// matterEffect finds a consequence by the name that definitions use.
func (h *House) matterEffect(name string) (matter.Effect, bool) {
	for _, e := range h.Lists.Effects() {
		if e.Name == name {
			return e.Run, true
		}
	}
	return nil, false
}

// matterKept is for how many years matters of a kind are kept after they ended; false while the setting cannot be read.
func (h *House) matterKept(ctx context.Context, kind string) (years int, known bool) {
	kinds := map[string]int{}
	if err := h.Settings.JSON(ctx, matterweb.RetentionKinds, setting.At{}, &kinds); err != nil {
		return 0, false
	}
	for _, years := range kinds {
		if years < 1 || years > 100 {
			return 0, false
		}
	}
	if years, own := kinds[kind]; own {
		return years, true
	}
	return int(h.Settings.Int(ctx, matterweb.RetentionYears, setting.At{})), true
}

// holdings are what has to find a new hand before somebody leaves.
func (h *House) holdings() []org.Holding {
	return []org.Holding{{Name: "matter", Title: "在办的事项", Count: h.Matters.Holds, Move: h.Matters.HandOver}}
}

// calendarChanged lets the open matters be reckoned anew, in the transaction that changes a calendar.
func (h *House) calendarChanged(ctx context.Context, tx *db.Tx, v worktime.Version) error {
	why := v.Reason
	if why == "" {
		why = "工作日历变更"
	}
	_, err := h.Matters.RecomputeIn(ctx, tx, matter.Change{}, why)
	return err
}

// matter is `weizheng matter replay`.
func (c Commands) matter() *cobra.Command {
	parent := &cobra.Command{Use: "matter", Short: "事项：从经过重算，核对库里的状态、时钟和期限", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	replay := &cobra.Command{Use: "replay", Short: "重算一件（--id）或全部（--all）事项，指出不同的地方", Args: cobra.NoArgs}
	id := replay.Flags().Int64("id", 0, "哪一件")
	all := replay.Flags().Bool("all", false, "全部；不写 --id 时也是全部")
	parent.AddCommand(c.withConfig(replay, func(ctx context.Context, cfg Config, _ []string) error {
		words := []string{"matter", "replay", "--all"}
		if *id > 0 && !*all {
			words = []string{"matter", "replay", "--id", strconv.FormatInt(*id, 10)}
		}
		return RunPart(ctx, cfg, c.out, words)
	}))
	return parent
}
