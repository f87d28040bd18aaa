package city

import (
	"context"
	"fmt"
	"strings"

	"weizheng/kernel/form"
)

// cityCode begins the invented city's codes: 99 is no province of GB/T 2260.
const cityCode = "990100000000"

// areas are the places of the city as codes: six digits for a district, three for a street (from 001), a town (from 100) or
// a township (from 200), three for a community.
func areas() []form.AreaIn {
	list := []form.AreaIn{{Code: cityCode, Name: "青云市"}}
	for i, d := range districts {
		district := fmt.Sprintf("9901%02d", i+1)
		list = append(list, form.AreaIn{Code: district, Name: d.name})
		for k, s := range d.streets {
			first := 1
			switch {
			case strings.HasSuffix(s.name, "镇"):
				first = 100
			case strings.HasSuffix(s.name, "乡"):
				first = 200
			}
			street := fmt.Sprintf("%s%03d", district, first+k)
			list = append(list, form.AreaIn{Code: street, Name: s.name})
			for n, c := range s.communities {
				list = append(list, form.AreaIn{Code: fmt.Sprintf("%s%03d", street, n+1), Name: c + "社区"})
			}
		}
	}
	return list
}

func asked(field string, op form.Op, value string) *form.Condition {
	return &form.Condition{Terms: []form.Term{{Field: field, Op: op, Value: value}}}
}

// allowance is the demo's form: an allowance for people of 80 and above.
func allowance() form.Form {
	yes := []form.Option{{Value: "yes", Label: "有"}, {Value: "no", Label: "没有"}}
	return form.Form{
		Title: "高龄津贴申请", Lead: "年满 80 周岁的本市户籍老人，每月可以领高龄津贴。", Submit: "提交申请", Promise: "5 个工作日内由社区答复您，不收任何费用。",
		Fields: []form.Field{
			{Name: "who", Kind: form.Choice, Label: "您为谁申请", Required: true, Class: form.Internal,
				Options: []form.Option{{Value: "self", Label: "为我自己"}, {Value: "kin", Label: "为家里老人", Help: "可以由家人或社区代办"}}},
			{Name: "elder", Kind: form.Heading, Label: "老人的情况"},
			{Name: "name", Kind: form.Text, Label: "老人姓名", Rule: "name", Required: true, Class: form.Personal, Prefill: "earlier"},
			{Name: "identity", Kind: form.Identity, Label: "老人身份证号", Required: true, Class: form.Sensitive, Example: "11010519491231002X"},
			{Name: "home", Kind: form.Place, Label: "住在哪个社区", Root: cityCode, Depth: 5, Required: true, Class: form.Internal},
			{Name: "address", Kind: form.Text, Label: "门牌号", Rule: "address", Class: form.Personal, Required: true, Example: "书院街 12 号 3 单元 502"},
			{Name: "alone", Kind: form.Choice, Label: "老人是否独居", Required: true, Class: form.Internal,
				Options: []form.Option{{Value: "yes", Label: "独居", Help: "社区每周上门看望一次"}, {Value: "no", Label: "和家人同住"}}},
			{Name: "kin", Kind: form.Group, Label: "同住的家人", Max: new(4.0), Show: asked("alone", form.Is, "no"), Fields: []form.Field{
				{Name: "kin_name", Kind: form.Text, Label: "姓名", Rule: "name", Required: true, Class: form.Personal},
				{Name: "kin_tie", Kind: form.Choice, Label: "和老人的关系", Required: true, Other: true, Class: form.Personal,
					Options: []form.Option{{Value: "spouse", Label: "配偶"}, {Value: "child", Label: "子女"}, {Value: "grandchild", Label: "孙辈"}}},
			}},
			{Name: "contact", Kind: form.Heading, Label: "怎么联系您"},
			{Name: "phone", Kind: form.Phone, Label: "联系电话", Required: true, Class: form.Personal, Prefill: "earlier", Help: "固定电话请带区号。"},
			{Name: "agent", Kind: form.Text, Label: "代办人姓名", Rule: "name", Required: true, Class: form.Personal, Show: asked("who", form.Is, "kin")},
			{Name: "money", Kind: form.Heading, Label: "津贴发到哪里"},
			{Name: "card", Kind: form.Choice, Label: "老人有没有社会保障卡", Required: true, Class: form.Internal, Options: yes},
			{Name: "no_card", Kind: form.Note, Label: "没有社保卡也能申请：带老人身份证到任一合作银行网点，当场领卡，不收费。", Show: asked("card", form.Is, "no")},
			{Name: "pension", Kind: form.Money, Label: "每月养老金", Class: form.Personal, Help: "没有就填 0，不影响领取，只用来核对是否重复发放。"},
			{Name: "papers", Kind: form.Heading, Label: "材料"},
			{Name: "book", Kind: form.File, Label: "户口簿", Shared: true, Class: form.Personal},
			{Name: "photo", Kind: form.File, Label: "老人近期生活照", Purpose: "办理高龄津贴", Trust: "D", Accept: []string{"image"}, Max: new(2.0), Class: form.Sensitive,
				Help: "一个月内拍的正面照，用来核实老人健在。"},
			{Name: "sign", Kind: form.Signature, Label: "申请人签名", Required: true, Class: form.Personal, Help: "我保证以上内容真实。"},
		},
	}
}

// buildForms imports the city's places and publishes the demo's form on 青云政务.
func (b *builder) buildForms(ctx context.Context) error {
	if _, err := b.Forms.ImportAreas(ctx, areas()); err != nil {
		return err
	}
	sheet, err := b.Forms.Create(ctx, form.CreateIn{Key: "elder-allowance", UnitID: b.root, Draft: allowance()})
	if err != nil {
		return err
	}
	account := b.city.Accounts[0].number
	if sheet, err = b.Forms.Save(ctx, sheet.ID, sheet.Version, account, allowance()); err != nil {
		return err
	}
	_, err = b.Forms.Publish(ctx, sheet.ID, sheet.Version)
	return err
}
