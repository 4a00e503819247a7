# Every target is one line of help: make help
GO ?= go
BIN := bin/embark

.PHONY: help build test race lint check demo bench bench-long kill fuzz fuzz-short cover

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-11s %s\n", $$1, $$2}'

build: ## the binary, as bin/embark
	$(GO) build -trimpath -o $(BIN) ./cmd/embark

test: ## all tests, in random order
	$(GO) test -shuffle=on ./...

race: ## all tests under the race detector
	$(GO) test -race -shuffle=on ./...

lint: ## gofmt, vet, staticcheck, generated code
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@before=$$(cksum onboard/record_gen.go); $(GO) generate ./onboard >/dev/null; \
	test "$$before" = "$$(cksum onboard/record_gen.go)" || { echo "onboard/record_gen.go was out of date"; exit 1; }

demo: build ## the main job on the built-in simulator, counts checked
	./scripts/demo

bench: ## speed and size, as ratios taken in one run (docs/performance.md)
	$(GO) test -run '^$$' -bench . -benchtime 1x -short ./bench ./checkpoint ./paxossim ./pipeline
	$(GO) test -run '^$$' -bench . -benchtime 20x ./mapping

bench-long: ## memory and resuming at 1,000,000 rows, memory of validate at 10,000,000; about 15 minutes
	EMBARK_BENCH_ROWS=1000000 $(GO) test -timeout 60m -run '^$$' -bench 'BenchmarkMemory|Resume' -benchtime 1x ./bench
	EMBARK_BENCH_ROWS=10000000 $(GO) test -timeout 60m -run '^$$' -bench ValidateMemory -benchtime 1x ./bench

kill: ## 10,000 kills at random moments; make test does 70
	EMBARK_KILLS=10000 $(GO) test -timeout 12h -run TestKillAndResume -v ./cmd/embark

fuzz: ## every fuzz target for a minute (FUZZTIME changes it)
	./scripts/fuzz

fuzz-short: ## the same for five seconds each
	FUZZTIME=5s ./scripts/fuzz

cover: ## test coverage by package
	$(GO) test -cover ./...

check: lint race fuzz-short demo ## all that must pass before a commit
