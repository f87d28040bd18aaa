package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/silenceper/wechat/v2"
	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/officialaccount/config"
	"github.com/silenceper/wechat/v2/officialaccount/message"
	log "github.com/sirupsen/logrus"
)

// sdk serves the yardstick until it is killed; it prints its address when it listens.
func sdk(args []string) error {
	f := flag.NewFlagSet("sdk", flag.ExitOnError)
	listen := f.String("listen", "127.0.0.1:0", "address")
	s := secretsFlags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	log.SetOutput(io.Discard)
	account := wechat.NewWechat().GetOfficialAccount(&config.Config{
		AppID: s.appid, AppSecret: "unused", Token: s.token, EncodingAESKey: s.key, Cache: cache.NewMemory(),
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		server := account.GetServer(r, w)
		server.SetMessageHandler(func(m *message.MixMessage) *message.Reply {
			return &message.Reply{MsgType: message.MsgTypeText, MsgData: message.NewText("您好，" + m.Content)}
		})
		if err := server.Serve(); err != nil {
			http.Error(w, "refused", http.StatusForbidden)
			return
		}
		if err := server.Send(); err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
		}
	})
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String() + "/")
	return http.Serve(l, nil)
}
