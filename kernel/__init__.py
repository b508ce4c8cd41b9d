"""The kernel, in ranked layers: a module imports only from smaller ranks; calls go down, hooks go up.

0 `lib` (pure) and `config` · 1 `interfaces` · 2 `debug` · 3 `arch` · 4 `sync` · 5 `mm` · 6 `time` · 7 `sched` ·
8 `drivers`, `block`, `console` · 9 `fs` · 10 `proc` · 11 `syscalls` · 12 `main`.

The pure modules (`lib`, `interfaces`, `block`, `fs`, `console`, the parsers of `proc` and `drivers`, the frame
allocator) touch no hardware and run unchanged under CPython in the unit tests.
"""
