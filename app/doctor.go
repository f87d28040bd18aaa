package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"weizheng/web/citizen"
	"weizheng/web/console"
	"weizheng/web/phone"
)

// Doctor looks at what a house needs before it can serve, and prints each finding with what to do.
func Doctor(ctx context.Context, c Config, out io.Writer) (err error) {
	bad := 0
	find := func(ok bool, what, next string) {
		if ok {
			say(out, "✓ %s\n", what)
			return
		}
		bad++
		say(out, "✗ %s\n  → %s\n", what, next)
	}
	built, buildErr := citizen.Built()
	find(!console.Placeholder(), "控制台前端已内置", "用 make build 构建")
	find(buildErr == nil && !built.Placeholder, "群众页面样式已内置", "用 make build 构建")
	find(!phone.Placeholder(), "本地微信的手机已内置", "用 make build 构建（只影响演示）")
	find(c.Ring != nil, "密钥文件可读", "运行 weizheng init，或检查 keys 配置")
	if c.Ring == nil {
		return errors.New("有问题需要处理")
	}
	h, err := Build(ctx, c)
	if err != nil {
		say(out, "✗ 数据库打不开：%v\n  → 检查 database.url；正在运行的 serve 会锁住 SQLite 的数据目录\n", err)
		return errors.New("有问题需要处理")
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	find(true, "数据库打开，表结构是最新的", "")
	missing, err := h.Org.Ready(ctx)
	if err != nil {
		return err
	}
	find(len(missing) == 0, "三位管理员都已启用", fmt.Sprintf("还缺 %v：打开各自的一次性链接", missing))
	report, err := h.Audit.Verify(ctx)
	if err != nil {
		return err
	}
	find(report.Whole(), "审计记录完整", "运行 weizheng run audit verify 看是哪一行")
	if bad > 0 {
		return errors.New("有问题需要处理")
	}
	return nil
}
