# Every target is one line of help: make help
GO ?= go
BIN := bin/embark

.PHONY: help build test race lint check demo bench cover

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

build: ## the binary, as bin/embark
	$(GO) build -trimpath -o $(BIN) ./cmd/embark

test: ## all tests, in random order
	$(GO) test -shuffle=on ./...

race: ## all tests under the race detector
	$(GO) test -race -shuffle=on ./...

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

demo: build ## the main job on the built-in simulator, counts checked
	./scripts/demo

bench: ## speed and size, as ratios (docs/performance.md)
	$(GO) test -run '^$$' -bench . -benchtime 1x ./...

cover: ## test coverage by package
	$(GO) test -cover ./...

check: lint race demo ## all that must pass before a commit
