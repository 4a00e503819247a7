// Package bench measures the whole program from outside: the real binary
// against a simulator in another process, beside a stated baseline in the same
// run, since machines are shared and noisy. It holds nothing but benchmarks;
// "make bench" runs them, and docs/performance.md keeps the figures.
package bench
