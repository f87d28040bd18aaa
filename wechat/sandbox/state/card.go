package state

// ArticleCard is the item of a chat that shows articles: its type and its body. base is the sandbox's address.
func ArticleCard(base string, list []Published) (typ string, body map[string]any) {
	articles := make([]map[string]any, len(list))
	for i, a := range list {
		articles[i] = map[string]any{"id": a.ID, "title": a.Title, "description": a.Digest, "pic_url": PictureURL(a.Cover()),
			"url": base + ArticlePath(a.ID)}
	}
	return "news", map[string]any{"articles": articles}
}
