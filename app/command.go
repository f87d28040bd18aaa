package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"weizheng/city"
	"weizheng/kernel/org"
	"weizheng/platform/clock"
	"weizheng/platform/conf"
	"weizheng/platform/crypt"
	"weizheng/platform/log"
	"weizheng/platform/web"
	"weizheng/wechat/sandbox"
)

// ErrUsage is wrong words on the command line.
var ErrUsage = errors.New("wrong usage")

// Commands is the binary's command line.
type Commands struct {
	version  string
	out, err io.Writer
}

// Command makes the command line.
func Command(version string, out, err io.Writer) Commands { return Commands{version, out, err} }

// Run runs one command.
func (c Commands) Run(ctx context.Context, args []string) error {
	root := &cobra.Command{
		Use: "weizheng", Short: "微信政务服务平台", Version: c.version, SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetArgs(args)
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", ErrUsage, err) })
	root.AddCommand(c.serve(), c.begin(), c.demo(), c.sandbox(), c.openapi(), c.config(), c.doctor(), c.versions(), c.worktime(), c.matter(), c.house())
	return root.ExecuteContext(ctx)
}

// withConfig adds the configuration's flags to a command and reads it when it runs.
func (c Commands) withConfig(cmd *cobra.Command, run func(ctx context.Context, h Config, args []string) error) *cobra.Command {
	file := cmd.Flags().String("config", "", "configuration file (TOML); `weizheng config` prints one")
	conf.Flags(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := conf.Load(*file, os.Environ(), cmd.Flags())
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
		ring, err := crypt.OpenSource(cmd.Context(), cfg.Keys)
		if err != nil && cmd.Name() != "init" && cmd.Name() != "doctor" {
			return fmt.Errorf("key ring: %w (`weizheng init` makes one)", err)
		}
		logger := log.New(c.err, cfg.Log.Level, cfg.Log.Format)
		return run(cmd.Context(), Config{
			Config: cfg, Log: logger, Ring: ring, Wall: clock.Wall{}, HTTP: http.DefaultTransport, Version: c.version,
			Sources: web.DefaultSources(),
		}, args)
	}
	return cmd
}

func (c Commands) serve() *cobra.Command {
	return c.withConfig(&cobra.Command{Use: "serve", Short: "提供服务", Args: cobra.NoArgs},
		func(ctx context.Context, cfg Config, _ []string) error { return Serve(ctx, cfg, c.out) })
}

// begin is `weizheng init`.
func (c Commands) begin() *cobra.Command {
	cmd := &cobra.Command{Use: "init", Short: "初始化：生成密钥文件，给三位管理员各一个一次性链接", Args: cobra.NoArgs}
	city := cmd.Flags().String("unit", "", "最高一级单位的名称，例如 青云市人民政府")
	level := cmd.Flags().String("level", string(org.City), "它的层级：city、district、street 或 community")
	logins := map[org.Duty]*string{}
	names := map[org.Duty]*string{}
	for _, duty := range org.Duties {
		logins[duty] = cmd.Flags().String(string(duty)+"-login", string(duty), "登录名")
		names[duty] = cmd.Flags().String(string(duty)+"-name", "", "姓名")
	}
	return c.withConfig(cmd, func(ctx context.Context, cfg Config, _ []string) error {
		in := org.InitIn{Unit: org.UnitIn{Name: *city, Level: org.Level(*level)}, Admins: map[org.Duty]org.StaffIn{}}
		for _, duty := range org.Duties {
			in.Admins[duty] = org.StaffIn{Login: *logins[duty], Name: *names[duty]}
		}
		return Init(ctx, cfg, in, c.out)
	})
}

func (c Commands) demo() *cobra.Command {
	cmd := &cobra.Command{Use: "demo", Short: "演示：一座虚构的城市和一个本地微信", Args: cobra.NoArgs}
	f := cmd.Flags()
	listen := f.String("listen", "127.0.0.1:8080", "address of the house")
	box := f.String("sandbox-listen", "127.0.0.1:8090", "address of the sandbox")
	data := f.String("data", "data/demo", "folder")
	size := f.String("city", string(city.Tenth), "tenth or full")
	seed := f.Uint64("seed", 20261120, "the same seed gives the same city, but for secrets")
	url := f.String("database-url", "", "PostgreSQL instead of SQLite in the folder; must be empty on the first start")
	level := f.String("log-level", "warn", "debug, info, warn or error")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *size != string(city.Tenth) && *size != string(city.Full) {
			return fmt.Errorf("%w: --city is tenth or full", ErrUsage)
		}
		var l slog.Level
		if err := l.UnmarshalText([]byte(*level)); err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
		return Demo(cmd.Context(), DemoConfig{
			Listen: *listen, SandboxListen: *box, Data: *data, Size: city.Size(*size), Seed: *seed, DatabaseURL: *url,
			Log: log.New(c.err, l, log.Text), Out: c.out, Version: c.version,
		})
	}
	return cmd
}

func (c Commands) sandbox() *cobra.Command {
	cmd := &cobra.Command{Use: "sandbox", Short: "单独运行本地微信，供任何语言的公众号开发调试", Args: cobra.NoArgs}
	listen := cmd.Flags().String("listen", "127.0.0.1:8090", "address")
	data := cmd.Flags().String("data", "data/sandbox", "folder of its state")
	seed := cmd.Flags().String("seed", "weizheng", "ids are functions of it")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return sandbox.Run(cmd.Context(), sandbox.RunConfig{
			Listen: *listen, Data: *data, Seed: *seed, Log: log.New(c.err, slog.LevelInfo, log.Text), Out: c.out,
		})
	}
	cmd.AddCommand(c.crowd())
	return cmd
}

// openapi prints the API description; it needs a house, so it builds one in a folder that goes again.
func (c Commands) openapi() *cobra.Command {
	return &cobra.Command{Use: "openapi", Short: "输出接口描述（OpenAPI 3.1）", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		b, err := OpenAPI(cmd.Context(), c.version)
		if err == nil {
			_, err = c.out.Write(b)
		}
		return err
	}}
}

func (c Commands) config() *cobra.Command {
	return &cobra.Command{Use: "config", Short: "输出带说明的配置文件", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		return conf.Example(c.out)
	}}
}

func (c Commands) doctor() *cobra.Command {
	return c.withConfig(&cobra.Command{Use: "doctor", Short: "检查运行条件，逐项说明怎么处理", Args: cobra.NoArgs},
		func(ctx context.Context, cfg Config, _ []string) error { return Doctor(ctx, cfg, c.out) })
}

func (c Commands) versions() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "版本", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		_, err := fmt.Fprintln(c.out, "weizheng", c.version)
		return err
	}}
}

// house runs a command that a part contributes: `weizheng run audit verify`.
func (c Commands) house() *cobra.Command {
	return c.withConfig(&cobra.Command{Use: "run <command> …", Short: "运行各部件提供的命令，例如 run audit verify；不带命令则列出", Args: cobra.ArbitraryArgs},
		func(ctx context.Context, cfg Config, args []string) error { return RunPart(ctx, cfg, c.out, args) })
}

// shutdown is how long serve may take to stop in all.
const shutdown = 30 * time.Second
