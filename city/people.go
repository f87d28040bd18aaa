package city

import (
	"context"
	"fmt"
	"net/http"
)

// The first citizens have names that the README and the tests use; the others are drawn.
var known = []Citizen{
	{ID: "xiaohe", Name: "王小禾"}, {ID: "laochen", Name: "陈德顺"}, {ID: "lina", Name: "李娜娜"},
	{ID: "zhaogong", Name: "赵工"}, {ID: "ayi", Name: "周阿姨"}, {ID: "xuesheng", Name: "吴同学"},
}

var surnames = []string{
	"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林", "郭", "何", "高", "罗", "郑", "梁",
	"谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭", "欧阳", "司徒",
}

var givens = []string{
	"秀兰", "建国", "桂英", "志强", "丽华", "小雨", "子涵", "梓轩", "玉珍", "德福", "晓燕", "海涛", "文静", "立新", "春梅", "国栋", "雅琴", "俊杰",
	"淑芬", "明远", "思琪", "长河", "红霞", "云飞", "佳怡", "浩然", "凤英", "宏伟", "婷婷", "大海",
}

// buildCitizens gives everybody a phone; whom they follow comes with the talk.
func (b *builder) buildCitizens(ctx context.Context) error {
	n := b.Size.followers()
	for i := range n {
		c := Citizen{ID: fmt.Sprintf("p%04d", i), Name: surnames[b.rand.IntN(len(surnames))] + givens[b.rand.IntN(len(givens))]}
		if i < len(known) {
			c = known[i]
		}
		var out struct {
			Citizen struct {
				OpenIDs map[string]string `json:"openids"`
			} `json:"citizen"`
		}
		err := b.act(ctx, http.MethodPost, "/citizens", fields{"id": c.ID, "name": c.Name, "snapshot": false}, &out)
		if err != nil {
			return err
		}
		c.OpenIDs = out.Citizen.OpenIDs
		b.city.Citizens = append(b.city.Citizens, c)
	}
	return nil
}
