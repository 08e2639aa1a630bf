"""The only code that speaks to services outside the process, besides the stores."""
