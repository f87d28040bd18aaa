package flow

// NoticeTexts are the keys of the notices that the house can say for any matter. Their parameters: number, title (of the
// matter), step (where it is), reason, due (a day). A definition's notices name one of these, or one that a part adds.
func NoticeTexts() []string {
	return []string{
		"flow.notice.to_do", "flow.notice.returned", "flow.notice.result", "flow.notice.urged", "flow.notice.near",
		"flow.notice.late", "flow.notice.accepted", "flow.notice.asked", "flow.notice.answered", "flow.notice.suspended",
		"flow.notice.extended", "flow.notice.copied",
	}
}
