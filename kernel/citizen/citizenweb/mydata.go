package citizenweb

import (
	"context"
	"net/http"

	"weizheng/part"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// showData lists what every part holds of the visitor. PIPL art. 45: access to one's data.
func (v visitor) showData(w http.ResponseWriter, r *http.Request) {
	if _, err := v.account(r); err != nil {
		web.Fail(w, r, err)
		return
	}
	groups, err := v.held(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.data.Render(w, r, web.Head{Title: "我的数据", Lead: "这里列出系统存有的、与您有关的全部内容。", Back: "/c/" + r.PathValue("account") + "/me"}, groups)
}

func (v visitor) held(ctx context.Context) ([]look.Facts, error) {
	subjects, err := v.subjects(ctx)
	if err != nil {
		return nil, err
	}
	var groups []look.Facts
	for _, d := range v.Lists.DataHeld() {
		group := look.Facts{Title: d.Title}
		for _, subject := range subjects {
			lines, err := d.Export(ctx, subject)
			if err != nil {
				return nil, errs.Wrap(err, "what %s holds of a citizen", d.Name)
			}
			for _, l := range lines {
				group.Items = append(group.Items, look.Fact{Label: l.Title, Value: joined(l.Note, v.moment(l.AtMs)), URL: l.URL})
			}
		}
		if len(group.Items) > 0 {
			groups = append(groups, group)
		}
	}
	return groups, nil
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// subjects are all ids under which something may be held of the visitor: the person's and the followers'.
func (v visitor) subjects(ctx context.Context) ([]part.Ref, error) {
	ids, err := v.Citizens.Same(ctx, v.Citizens.DB, self(ctx))
	if err != nil {
		return nil, err
	}
	var refs []part.Ref
	for _, id := range ids {
		refs = append(refs, part.Ref{Kind: "citizen", ID: id})
	}
	list, err := v.Citizens.Of(ctx, v.Citizens.DB, self(ctx))
	for _, f := range list {
		refs = append(refs, part.Ref{Kind: "follower", ID: f.ID})
	}
	return refs, err
}
