package wechat

import (
	"slices"
	"strings"
)

// permissionSets say which sets of permissions (权限集) of a third-party platform hold the endpoints under a prefix; the
// longest prefix counts. WeChat docs: 第三方平台, authorization permission sets; those of customer service are unverified.
var permissionSets = map[string][]int{
	"/cgi-bin/message/custom/": {1}, "/customservice/": {6, 19}, "/cgi-bin/customservice/": {6, 19},
	"/cgi-bin/user/": {2}, "/cgi-bin/tags/": {2}, "/datacube/": {2},
	"/cgi-bin/qrcode/": {3}, "/cgi-bin/wxopen/": {3, 18}, "/cgi-bin/ticket/": {4}, "/sns/": {4},
	"/cgi-bin/message/mass/": {7}, "/cgi-bin/message/template/": {7}, "/cgi-bin/template/": {7}, "/cgi-bin/freepublish/": {7}, "/cgi-bin/comment/": {7},
	"/cgi-bin/media/": {11}, "/cgi-bin/material/": {11}, "/cgi-bin/draft/": {11},
	"/cgi-bin/menu/": {15}, "/cgi-bin/get_current_selfmenu_info": {15},
	"/cgi-bin/message/subscribe/": {89}, "/wxaapi/newtmpl/": {89}, "/cv/": {117},
}

// PermissionSets returns the sets of which an account must have given one to a third-party platform that calls the
// endpoint; none are needed for what every token opens.
func PermissionSets(path string) []int {
	longest := ""
	for prefix := range permissionSets {
		if strings.HasPrefix(path, prefix) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	return permissionSets[longest]
}

// AllPermissionSets lists the sets that endpoints of the table are in.
func AllPermissionSets() []int {
	var all []int
	for _, sets := range permissionSets {
		all = append(all, sets...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
