"""Speed, memory and cost of the product, measured on this machine; figures are kept in docs/benchmarks.md."""
