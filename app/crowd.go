package app

import (
	"github.com/spf13/cobra"

	"weizheng/wechat/sandbox"
)

// crowd lets virtual citizens loose in a running sandbox.
func (c Commands) crowd() *cobra.Command {
	cmd := &cobra.Command{Use: "crowd", Short: "让一群虚拟市民使用公众号，并报告他们看到和等待了什么", Args: cobra.NoArgs}
	f := cmd.Flags()
	var o sandbox.CrowdOrder
	at := f.String("at", "http://127.0.0.1:8090", "address of the running sandbox")
	f.StringVar(&o.Account, "account", "", "id of the account in the sandbox")
	f.IntVar(&o.Citizens, "citizens", 10, "how many people")
	f.Int64Var(&o.Seed, "seed", 1, "the same seed, the same people and acts")
	f.Float64Var(&o.Rate, "rate", 10, "acts a second")
	f.IntVar(&o.Seconds, "seconds", 10, "for how long")
	f.StringSliceVar(&o.Words, "words", nil, "what they ask; missing: a built-in list")
	f.StringSliceVar(&o.Pages, "pages", nil, "pages they open besides those of the menu")
	wrong := f.Int("wrong", 30, "of a hundred forms, how many have something wrong at first")
	file := f.String("order", "", "file of the whole order, YAML or JSON; the other flags come before it where they are given")
	asJSON := f.Bool("json", false, "print the report as JSON")
	f.StringToIntVar(&o.Mix, "mix", nil, "weights of follow, ask, tap, open, fill, rate, such as ask=6,tap=2")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed("wrong") || *file == "" {
			o.Wrong = wrong
		}
		if *file != "" {
			read, err := sandbox.ReadCrowdOrder(*file)
			if err != nil {
				return err
			}
			o = over(read, o, cmd.Flags().Changed)
		}
		return sandbox.RunCrowd(cmd.Context(), sandbox.CrowdRun{At: *at, Order: o, Out: c.out, JSON: *asJSON})
	}
	return cmd
}

// over puts what flags said into the order of a file.
func over(file, flags sandbox.CrowdOrder, changed func(string) bool) sandbox.CrowdOrder {
	for name, take := range map[string]func(){
		"account": func() { file.Account = flags.Account }, "citizens": func() { file.Citizens = flags.Citizens },
		"seed": func() { file.Seed = flags.Seed }, "rate": func() { file.Rate = flags.Rate }, "seconds": func() { file.Seconds = flags.Seconds },
		"words": func() { file.Words = flags.Words }, "pages": func() { file.Pages = flags.Pages }, "mix": func() { file.Mix = flags.Mix },
		"wrong": func() { file.Wrong = flags.Wrong },
	} {
		if changed(name) {
			take()
		}
	}
	return file
}
