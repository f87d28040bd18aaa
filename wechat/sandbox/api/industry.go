package api

import (
	"context"
	"strconv"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// industries are WeChat's of the old template messages, by id from 1. WeChat docs: Template_Message_Interface.
var industries = [][2]string{
	{"IT科技", "互联网|电子商务"}, {"IT科技", "IT软件与服务"}, {"IT科技", "IT硬件与设备"}, {"IT科技", "电子技术"},
	{"IT科技", "通信与运营商"}, {"IT科技", "网络游戏"}, {"金融业", "银行"}, {"金融业", "基金|理财|信托"}, {"金融业", "保险"},
	{"餐饮", "餐饮"}, {"酒店旅游", "酒店"}, {"酒店旅游", "旅游"}, {"运输与仓储", "快递"}, {"运输与仓储", "物流"},
	{"运输与仓储", "仓储"}, {"教育", "培训"}, {"教育", "院校"}, {"政府与公共事业", "学术科研"}, {"政府与公共事业", "交警"},
	{"政府与公共事业", "博物馆"}, {"政府与公共事业", "公共事业|非盈利机构"}, {"医药护理", "医药医疗"}, {"医药护理", "护理美容"},
	{"医药护理", "保健与卫生"}, {"交通工具", "汽车相关"}, {"交通工具", "摩托车相关"}, {"交通工具", "火车相关"},
	{"交通工具", "飞机相关"}, {"房地产", "建筑"}, {"房地产", "物业"}, {"消费品", "消费品"}, {"商业服务", "法律"},
	{"商业服务", "会展"}, {"商业服务", "中介服务"}, {"商业服务", "认证"}, {"商业服务", "审计"}, {"文体娱乐", "传媒"},
	{"文体娱乐", "体育"}, {"文体娱乐", "娱乐休闲"}, {"印刷", "印刷"}, {"其它", "其它"},
}

type industryClass struct {
	First  string `json:"first_class"`
	Second string `json:"second_class"`
}

func (s *Server) industry(ctx context.Context, c *call) (any, error) {
	set, ok, err := s.Store.Industry(ctx, s.Store.Reader(), c.account.N)
	if err != nil {
		return nil, err
	}
	var first, second industryClass
	if ok {
		first, second = named(set.First), named(set.Second)
	}
	return map[string]any{"primary_industry": first, "secondary_industry": second}, nil
}

func named(id int) industryClass { return industryClass{industries[id-1][0], industries[id-1][1]} }

// setIndustry changes both once a calendar month, and deletes the templates.
func (s *Server) setIndustry(ctx context.Context, c *call) (any, error) {
	var in struct {
		First  looseText `json:"industry_id1"`
		Second looseText `json:"industry_id2"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	first, err1 := strconv.Atoi(string(in.First))
	second, err2 := strconv.Atoi(string(in.Second))
	if err1 != nil || err2 != nil || first < 1 || first > len(industries) || second < 1 || second > len(industries) {
		return nil, fail(40102, "invalid industry id")
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		set, ok, err := s.Store.Industry(ctx, tx, c.account.N)
		if err != nil {
			return err
		}
		if ok && monthOf(set.ChangedAt) == monthOf(s.Store.Civil()) {
			return fail(43100, "change template too frequently")
		}
		return s.Store.SetIndustry(ctx, tx, c.account.N, first, second)
	})
}

// monthOf is the month of a civil instant, such as "2026-11".
func monthOf(ms int64) string { return clock.Day(clock.FromMillis(ms))[:len("2006-01")] }
