package matterweb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"weizheng/kernel/matter"
	"weizheng/part"
	"weizheng/platform/errs"
)

var errReplayUsage = errors.New("usage: weizheng matter replay [--id N | --all]")

// errDiffers makes the command end with an exit code of its own kind.
var errDiffers = errs.New(errs.Refused, "matter.differs")

func (d Deps) commands() []part.Command {
	return []part.Command{{
		Use: "matter replay", Short: "从经过重算事项的状态、时钟和期限，指出与库里不同的地方：matter replay --all 或 --id N", Run: d.replay,
	}}
}

// replay recomputes matters from their events and names what differs.
func (d Deps) replay(ctx context.Context, out io.Writer, args []string) error {
	id, all, err := replayArgs(args)
	if err != nil {
		return err
	}
	differ := 0
	tell := func(x matter.Difference) {
		differ++
		_, _ = fmt.Fprintf(out, "事项 %d（%s）%s 不同\n  库里：%s\n  经过：%s\n", x.Matter, x.Number, x.What, x.Kept, x.Made) // the exit code tells as well
	}
	n := 1
	if all {
		n, err = d.Matters.ReplayAll(ctx, 0, tell)
	} else {
		var found []matter.Difference
		found, err = d.Matters.Replay(ctx, id)
		for _, x := range found {
			tell(x)
		}
	}
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "重算了 %d 件事项，%d 处不同。\n", n, differ); err != nil {
		return err
	}
	if differ > 0 {
		return errDiffers
	}
	return nil
}

func replayArgs(args []string) (id int64, all bool, err error) {
	switch {
	case len(args) == 0, len(args) == 1 && args[0] == "--all":
		return 0, true, nil
	case len(args) == 1:
		value, found := strings.CutPrefix(args[0], "--id=")
		if !found {
			return 0, false, errReplayUsage
		}
		args = []string{"--id", value}
	}
	if len(args) != 2 || args[0] != "--id" {
		return 0, false, errReplayUsage
	}
	if id, err = strconv.ParseInt(args[1], 10, 64); err != nil || id <= 0 {
		return 0, false, errReplayUsage
	}
	return id, false, nil
}
