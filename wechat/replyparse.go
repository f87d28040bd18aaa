package wechat

import "errors"

// ParseReply reads the clear XML of an answer as strictly as WeChat, which shows the citizen 「该公众号暂时无法提供服务」 for
// anything it does not understand: an unknown MsgType, a missing element and a wrong ArticleCount are ErrFormat. Elements
// that the type does not have are ignored. NoAnswer bodies give the nil Reply and no names.
func ParseReply(body []byte) (to, from string, r Reply, err error) {
	if NoAnswer(body) {
		return "", "", nil, nil
	}
	if len(body) > MaxBody {
		return "", "", nil, ErrFormat.Because(errors.New("reply over 1 MiB"))
	}
	doc, err := parseXML(body)
	if err != nil {
		return "", "", nil, err
	}
	p := replyParser{reader: reader{document: doc}}
	p.each(0, p.top)
	r = p.reply()
	if p.err != nil {
		return "", "", nil, p.err
	}
	return p.to, p.from, r, nil
}

// replyParser remembers where the parts of the answer stand (0, the root, is "absent") until MsgType is known.
type replyParser struct {
	reader
	to, from, kind   string
	created          bool
	content, media   int
	count, articles  int
	video, music     int
	image, transInfo int
}

func (p *replyParser) top(name string, c int) bool {
	switch name {
	case "ToUserName":
		p.to = p.word(c)
	case "FromUserName":
		p.from = p.word(c)
	case "CreateTime":
		p.created = p.num(c) > 0
	case "MsgType":
		p.kind = p.word(c)
	case "Content":
		p.content = c
	case "Image":
		p.image = c
	case "Voice":
		p.media = c
	case "Video":
		p.video = c
	case "Music":
		p.music = c
	case "ArticleCount":
		p.count = c
	case "Articles":
		p.articles = c
	case "TransInfo":
		p.transInfo = c
	default:
		return false
	}
	return true
}

func (p *replyParser) reply() Reply {
	p.want("ToUserName", p.to != "")
	p.want("FromUserName", p.from != "")
	p.want("CreateTime", p.created)
	if p.err != nil {
		return nil
	}
	switch p.kind {
	case "text":
		return p.text()
	case "image":
		return Image{MediaID: p.inner("Image", p.image, "MediaId")["MediaId"]}
	case "voice":
		return Voice{MediaID: p.inner("Voice", p.media, "MediaId")["MediaId"]}
	case "video":
		f := p.inner("Video", p.video, "MediaId")
		return Video{MediaID: f["MediaId"], Title: f["Title"], Description: f["Description"]}
	case "music":
		f := p.inner("Music", p.music, "ThumbMediaId")
		return Music{Title: f["Title"], Description: f["Description"], URL: f["MusicUrl"], HQURL: f["HQMusicUrl"],
			ThumbMediaID: f["ThumbMediaId"]}
	case "news":
		return p.news()
	case "transfer_customer_service":
		if p.transInfo == 0 {
			return TransferToService{}
		}
		return TransferToService{Account: p.inner("TransInfo", p.transInfo, "KfAccount")["KfAccount"]}
	}
	p.fail("is unknown", "MsgType")
	return nil
}

func (p *replyParser) want(name string, there bool) {
	if !there {
		p.fail("is missing", name)
	}
}

func (p *replyParser) text() Reply {
	if p.want("Content", p.content != 0); p.err != nil {
		return nil
	}
	t := Text{Content: p.str(p.content)}
	p.want("Content", t.Content != "")
	return t
}

// inner reads the simple elements of the element at i; required must be among them and hold something.
func (p *replyParser) inner(name string, i int, required string) map[string]string {
	if p.want(name, i != 0); p.err != nil {
		return nil
	}
	fields := map[string]string{}
	p.each(i, func(name string, c int) bool {
		switch name {
		case "MediaId", "ThumbMediaId", "MusicUrl", "HQMusicUrl", "KfAccount":
			fields[name] = p.word(c)
		case "Title", "Description":
			fields[name] = p.str(c)
		default:
			return false
		}
		return true
	})
	p.want(required, fields[required] != "")
	return fields
}

func (p *replyParser) news() Reply {
	p.want("ArticleCount", p.count != 0)
	p.want("Articles", p.articles != 0)
	if p.err != nil {
		return nil
	}
	var n News
	p.each(p.articles, func(name string, c int) bool {
		if name != "item" {
			return false
		}
		n.Articles = append(n.Articles, p.article(c))
		return true
	})
	p.want("item", len(n.Articles) > 0)
	if p.num(p.count) != int64(len(n.Articles)) {
		p.fail("does not count the items", "ArticleCount")
	}
	return n
}

// article wants all four elements, of which only the title must hold something.
func (p *replyParser) article(i int) Article {
	var a Article
	found := 0
	p.each(i, func(name string, c int) bool {
		switch name {
		case "Title":
			a.Title = p.str(c)
		case "Description":
			a.Description = p.str(c)
		case "PicUrl":
			a.PicURL = p.word(c)
		case "Url":
			a.URL = p.word(c)
		default:
			return false
		}
		found++
		return true
	})
	p.want("one of Title, Description, PicUrl, Url", found == 4)
	p.want("Title", a.Title != "")
	return a
}
