package play

import (
	_ "embed"
	"html/template"
	"net/http"
	"regexp"
	"strconv"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox/state"
)

//go:embed article.html
var articleHTML string

var articlePage = template.Must(template.New("article").Parse(articleHTML))

// readingPolicy lets a page show pictures and styles, and run nothing: the text is an account's.
const readingPolicy = "default-src 'none'; img-src 'self' data: https:; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

// reading is what the page of an article shows.
type reading struct {
	Title, Author, Account, Day, Source, Gone string
	Content                                   template.HTML
	Text                                      string
	Pictures                                  []string
	Reads, Likes, Shares                      int64
	Counted                                   bool
	Comments                                  []commentView
}

// ReadArticle is the page of a published article.
func (s *Server) ReadArticle(w http.ResponseWriter, r *http.Request) {
	page, err := s.readArticle(r)
	s.showPage(w, r, page, err)
}

// ReadDraft is what a draft will look like.
func (s *Server) ReadDraft(w http.ResponseWriter, r *http.Request) {
	page, err := s.readDraft(r)
	s.showPage(w, r, page, err)
}

func (s *Server) readArticle(r *http.Request) (reading, error) {
	a, err := s.Store.Published(r.Context(), s.Store.Reader(), r.PathValue("id"))
	if err != nil {
		return reading{}, err
	}
	switch a.State {
	case state.Deleted:
		return reading{Gone: "该内容已被发布者删除"}, nil
	case state.Banned:
		return reading{Gone: "此内容因违规无法查看"}, nil
	}
	page := s.readingOf(a.Account, a.Article, a.MadeAt)
	page.Counted, page.Reads, page.Likes, page.Shares = true, a.Reads, a.Likes, a.Shares
	list, err := s.Store.CommentsSeen(r.Context(), a.ArticleN, 0, false, 0, 50)
	if err != nil {
		return page, err
	}
	for _, c := range list {
		v, err := s.viewComment(r, c)
		if err != nil {
			return page, err
		}
		page.Comments = append(page.Comments, v)
	}
	return page, nil
}

func (s *Server) readDraft(r *http.Request) (reading, error) {
	d, err := s.Store.DraftByID(r.Context(), r.PathValue("media"))
	if err != nil {
		return reading{}, err
	}
	index, err := strconv.Atoi(r.PathValue("index"))
	if err != nil || index < 0 || index >= len(d.Articles) {
		return reading{}, state.ErrNoArticle
	}
	return s.readingOf(d.Account, d.Articles[index], d.UpdatedAt), nil
}

// elsewhere is the address of a picture of ours with a host before it: the sandbox may be reached by another one by now.
var elsewhere = regexp.MustCompile(`https?://[^/"'\s]+(/mmbiz/[A-Za-z0-9_-]+/0)`)

func (s *Server) readingOf(account int64, a state.Article, at int64) reading {
	page := reading{Title: a.Title, Author: a.Author, Source: a.SourceURL, Day: clock.FromMillis(at).In(clock.Zone).Format("2006年1月2日 15:04")}
	if owner := s.Store.AccountN(account); owner != nil {
		page.Account = owner.Name
	}
	if a.Type == state.NewsPic {
		page.Text = a.Content
		for _, picture := range a.ImageInfo.List {
			page.Pictures = append(page.Pictures, state.PictureURL(picture.MediaID))
		}
		return page
	}
	page.Content = template.HTML(elsewhere.ReplaceAllString(a.Content, "$1")) //nolint:gosec // scripts were taken out, and the page's policy lets none run
	return page
}

func (s *Server) showPage(w http.ResponseWriter, r *http.Request, page reading, err error) {
	status := http.StatusOK
	if isMissing(err) {
		page, status, err = reading{Gone: "没有这篇文章"}, http.StatusNotFound, nil
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", readingPolicy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := articlePage.Execute(w, page); err != nil {
		s.Log.DebugContext(r.Context(), "an article's reader has gone", "error", err)
	}
}
