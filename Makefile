# weizheng: `make demo` to try it, `make test` to trust it. `make help` lists everything.
SHELL := /bin/bash
GO ?= go
export GOFLAGS := -trimpath -buildvcs=false
WEB := web/console web/phone web/citizen
VERSION := $(shell cat VERSION)
DEMO ?= data/demo
LINT := bin/golangci-lint

.PHONY: help setup build demo test prove bench check lint fmt generate clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: .setup ## fetch every dependency (the only step that needs the network)
.setup: go.mod go.sum $(WEB:%=%/package-lock.json) test/e2e/package-lock.json test/sdk/go.sum test/sdk/nodesdk/package-lock.json
	$(GO) mod download
	for d in $(WEB) test/e2e test/sdk/nodesdk; do (cd $$d && npm ci --no-audit --no-fund --loglevel=error) || exit 1; done
	cd test/sdk && $(GO) mod download
	@touch .setup

build: .setup ## build the front ends and the binary bin/weizheng
	for d in $(WEB); do (cd $$d && npm run --silent build) || exit 1; done
	CGO_ENABLED=0 $(GO) build -ldflags "-s -w -X main.version=$(VERSION)" -o bin/weizheng ./cmd/weizheng

demo: build ## run a whole invented city and a local WeChat: http://127.0.0.1:8080/console/ and http://127.0.0.1:8090/
	./bin/weizheng demo --listen 127.0.0.1:8080 --sandbox-listen 127.0.0.1:8090 --data $(DEMO)

test: build ## every test, on both databases and in a browser, in under 10 minutes
	$(GO) run ./test/run

prove: build ## the long evidence (N from the environment), resumable; writes prove.json
	$(GO) run ./test/prove

bench: build ## the ratios, measured in one run
	$(GO) run ./test/bench

check: ## format, vet, the rules of the house, and the linters when they are installed
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) test -count=1 ./test/arch
	@if [ -x $(LINT) ]; then $(LINT) run ./...; else echo "the linters are not installed: make lint"; fi

lint: $(LINT) ## install the linters (network, about a minute, once) and run them
	$(LINT) run ./...
$(LINT): tools/lint/go.mod tools/lint/go.sum
	cd tools/lint && $(GO) build -o ../../$(LINT) github.com/golangci/golangci-lint/v2/cmd/golangci-lint

generate: ## the API description and the console's typed client
	$(GO) run -ldflags "-X main.version=$(VERSION)" ./cmd/weizheng openapi > web/console/openapi.json.new && mv web/console/openapi.json.new web/console/openapi.json
	cd web/console && npm run --silent generate

fmt: ## format Go code
	gofmt -w $$(git ls-files '*.go')

clean: ## remove what was built (not the demo's data)
	rm -rf bin .setup $(WEB:%=%/node_modules) test/e2e/node_modules test/sdk/nodesdk/node_modules
