"""The pages for people: server-rendered, a few small scripts, nothing from other hosts."""
