package client

import "context"

const (
	maxTagName  = 30 // bytes: 45158 counts them
	maxTagBatch = 50 // openids of one TagUsers
	lastOwnTag  = 2  // ids up to this belong to WeChat (45058)
)

// Tag is a label for followers; an account has at most 100, a follower at most 20.
type Tag struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Count int    `json:"count"` // followers; only Tags tells it
}

// Tags returns all tags. WeChat docs: api_gettags.
func (c *Client) Tags(ctx context.Context) ([]Tag, error) {
	var out struct {
		Tags []Tag `json:"tags"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/tags/get", out: &out})
	return out.Tags, err
}

// CreateTag makes a tag; a name that exists is code 45157. WeChat docs: api_createtag.
func (c *Client) CreateTag(ctx context.Context, name string) (Tag, error) {
	var v checks
	v.between("name", int64(len(name)), 1, maxTagName)
	if err := v.err(); err != nil {
		return Tag{}, err
	}
	var out struct {
		Tag Tag `json:"tag"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/tags/create", in: tagBody(map[string]any{"name": name}), out: &out})
	return out.Tag, err
}

// UpdateTag renames a tag. WeChat docs: api_updatetag.
func (c *Client) UpdateTag(ctx context.Context, id int, name string) error {
	var v checks
	v.unless(id > lastOwnTag, "id", "wechat.tag_reserved", nil)
	v.between("name", int64(len(name)), 1, maxTagName)
	if err := v.err(); err != nil {
		return err
	}
	return c.wire.do(ctx, request{path: "/cgi-bin/tags/update", in: tagBody(map[string]any{"id": id, "name": name})})
}

// DeleteTag removes a tag; over 100 000 followers it is refused (45057). WeChat docs: api_deletetag.
func (c *Client) DeleteTag(ctx context.Context, id int) error {
	var v checks
	v.unless(id > lastOwnTag, "id", "wechat.tag_reserved", nil)
	if err := v.err(); err != nil {
		return err
	}
	return c.wire.do(ctx, request{path: "/cgi-bin/tags/delete", in: tagBody(map[string]any{"id": id})})
}

func tagBody(tag map[string]any) map[string]any { return map[string]any{"tag": tag} }

// TagUsers puts the tag on up to 50 followers. WeChat docs: api_batchtagging.
func (c *Client) TagUsers(ctx context.Context, id int, openids []string) error {
	return c.tagging(ctx, "/cgi-bin/tags/members/batchtagging", id, openids)
}

// UntagUsers takes the tag off up to 50 followers. WeChat docs: api_batchuntagging.
func (c *Client) UntagUsers(ctx context.Context, id int, openids []string) error {
	return c.tagging(ctx, "/cgi-bin/tags/members/batchuntagging", id, openids)
}

func (c *Client) tagging(ctx context.Context, path string, id int, openids []string) error {
	var v checks
	v.between("openids", int64(len(openids)), 1, maxTagBatch)
	if err := v.err(); err != nil {
		return err
	}
	return c.wire.do(ctx, request{path: path, in: map[string]any{"openid_list": openids, "tagid": id}})
}
