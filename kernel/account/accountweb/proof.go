package accountweb

import (
	"context"
	"io"
	"net/http"
	"regexp"

	"weizheng/kernel/account"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

type proofView struct {
	Name    string `json:"name"`
	Content string `json:"content"`
	Path    string `json:"path" doc:"where WeChat asks for it"`
}

func viewProof(p account.Proof) proofView { return proofView{p.Name, p.Content, "/" + p.Name} }

type proofsOut struct {
	Items []proofView `json:"items"`
}

func (c console) proofs(ctx context.Context, in *idIn) (*proofsOut, error) {
	list, err := c.Accounts.Proofs(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &proofsOut{Items: []proofView{}}
	for _, p := range list {
		out.Items = append(out.Items, viewProof(p))
	}
	return out, nil
}

type setProofIn struct {
	ID   int64  `path:"id"`
	Name string `path:"name"`
	Body struct {
		Content string `json:"content" doc:"what the file from WeChat holds"`
	}
}

func (c console) setProof(ctx context.Context, in *setProofIn) (*proofView, error) {
	trim(&in.Body.Content)
	p := account.Proof{Name: in.Name, Account: in.ID, Content: in.Body.Content}
	if err := c.Accounts.SetProof(ctx, p); err != nil {
		return nil, err
	}
	v := viewProof(p)
	return &v, nil
}

type removeProofIn struct {
	ID   int64  `path:"id"`
	Name string `path:"name"`
}

func (c console) removeProof(ctx context.Context, in *removeProofIn) (*web.None, error) {
	return &web.None{}, c.Accounts.RemoveProof(ctx, in.ID, in.Name)
}

// folderName is what a folder of the site may be called; everything else is no reason to send a browser anywhere.
var folderName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// proofFile serves /MP_verify_x.txt. ServeMux knows no pattern for half a name, so this stands at every address of one
// segment that no other route takes: those it must leave as they were without it, which is 404, or the step from a
// folder's name to the folder ("/console" to "/console/") that ServeMux makes where nothing matches the bare name. A
// route of one segment that names no method would stand against it: the server then refuses to start and names both.
func (c console) proofFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("proof")
	if folderName.MatchString(name) {
		target := "/" + name + "/"
		if r.URL.RawQuery != "" {
			target += "?" + r.URL.RawQuery
		}
		http.Redirect(w, r, target, http.StatusTemporaryRedirect)
		return
	}
	content, err := c.Accounts.ProofOf(r.Context(), name)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "not_found")
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = io.WriteString(w, content) // whoever asked is gone if this fails
}
