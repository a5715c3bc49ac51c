# One Makefile, non-recursive. `make help` lists the targets.
# A variant of the build (sanitizer, other compiler, other architecture) is the same Makefile with
# another BUILD folder, so that they never share an object.
BUILD   ?= build
CC      ?= gcc
ARCH    ?= $(shell $(CC) -dumpmachine | cut -d- -f1)
PREFIX  ?= /usr/local
VERSION := 0.1.0
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
           -Wwrite-strings -Wvla -Wformat=2
CFLAGS  ?= -O2 -g
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. $(WARN) $(CFLAGS) -pthread -MMD -MP $(OPTIONAL) $(EXTRA)
# Optional libraries: without one, what needs it is still listed and says why it cannot serve.
have     = $(if $(filter y,$(shell printf '\043include <%s>' '$(1)' | $(CC) $(EXTRA) -E - >/dev/null 2>&1 && echo y)),$(2))
OPTIONAL := $(call have,perfmon/pfmlib_perf_event.h,-DHAVE_PFM) $(call have,papi.h,-DHAVE_PAPI) $(call have,elfutils/libdwfl.h,-DHAVE_DW)
LDLIBS   = $(if $(findstring HAVE_DW,$(OPTIONAL)),-ldw -lelf) $(if $(findstring HAVE_PAPI,$(OPTIONAL)),-lpapi) $(if $(findstring HAVE_PFM,$(OPTIONAL)),-lpfm) -lhwloc -lnuma -lcsv -ljansson -ldl -lm -pthread

# What stands in a folder is built: adding a file adds the part.
ALIGNS   = 8 16 32 64 128 256
FLAVOURS = $(if $(filter aarch64,$(ARCH)),llsc lse,plain)
LAYOUTS  = $(sort $(basename $(notdir $(wildcard layouts/*.c))))
OPS      = $(sort $(basename $(notdir $(wildcard probes/trial/ops/*.c))))
WALKS    = $(sort $(basename $(notdir $(wildcard probes/costs/walks/*.c))))
PROTOCOLS = $(sort $(basename $(notdir $(wildcard probes/matrix/protocols/*.c))))
REPLAYS  = $(sort $(basename $(notdir $(wildcard probes/replay/replays/*.c))))
BACKENDS = $(sort $(patsubst backend_%,%,$(basename $(notdir $(wildcard probes/counters/backend_*.c)))))
CMDS     = $(sort $(patsubst cmd_%,%,$(basename $(notdir $(wildcard cli/cmd_*.c cli/*/cmd_*.c)))))
ROOMS    = $(wildcard base/*.c machine/*.c machine/system/*.c analysis/*/*.c probes/*/*.c)

LAYOUT_OBJ = $(foreach l,$(LAYOUTS),$(foreach a,$(ALIGNS),$(BUILD)/layouts/$(l)-$(a).o))
OP_OBJ     = $(foreach o,$(OPS),$(foreach f,$(FLAVOURS),$(BUILD)/probes/trial/ops/$(o)-$(f).o))
WALK_OBJ   = $(foreach w,$(WALKS),$(foreach f,$(FLAVOURS),$(BUILD)/probes/costs/walks/$(w)-$(f).o))
PROTOCOL_OBJ = $(foreach p,$(PROTOCOLS),$(foreach f,$(FLAVOURS),$(BUILD)/probes/matrix/protocols/$(p)-$(f).o))
REPLAY_OBJ = $(foreach r,$(REPLAYS),$(foreach f,$(FLAVOURS),$(BUILD)/probes/replay/replays/$(r)-$(f).o))
GEN_OBJ    = $(addprefix $(BUILD)/gen/,layouts.o ops.o walks.o protocols.o replays.o backends.o layout_header.o \
             event_files.o charts.o report_page.o)
LIB_OBJ    = $(ROOMS:%.c=$(BUILD)/%.o) $(LAYOUT_OBJ) $(OP_OBJ) $(WALK_OBJ) $(PROTOCOL_OBJ) $(REPLAY_OBJ) $(GEN_OBJ)
CLI_OBJ    = $(patsubst %.c,$(BUILD)/%.o,$(filter-out cli/main.c,$(wildcard cli/*.c cli/*/*.c))) $(BUILD)/gen/cmds.o

# The runtime of watched programs (runtime/): objects of its own, nothing of numaprobe in it. Three forms:
# in a dynamically linked program, as a shared library, and in a static program, where the linker's --wrap
# puts it before libc. access.list is what the first lends to libraries, access.wrap what the last wraps.
ACCESS     = $(wildcard runtime/*.c runtime/*/*.c)
ACCESS_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. $(WARN) -O2 -g -fPIC -fno-omit-frame-pointer -fno-builtin \
             $(if $(findstring clang,$(CC)),,-fno-tree-loop-distribute-patterns) -fexceptions -pthread -MMD -MP $(if $(filter x86_64,$(ARCH)),-mcx16)
RUNTIME    = $(BUILD)/runtime
RUNTIME_FILES = $(addprefix $(RUNTIME)/,libnumaprobe-access.a libnumaprobe-access.so libnumaprobe-access-static.a \
             libnumaprobe-access-static-new.a access.list access.wrap access-new.wrap inline.s instead/libtsan.a)
STATIC_ONLY = $(filter-out %/intercept_new.c %/intercept_load.c,$(ACCESS))
runtime: $(RUNTIME_FILES)
$(RUNTIME)/dynamic/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ACCESS_CFLAGS) -c -o $@ $<
$(RUNTIME)/static/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ACCESS_CFLAGS) -DACCESS_WRAP -c -o $@ $<
$(RUNTIME)/libnumaprobe-access.a: $(ACCESS:%.c=$(RUNTIME)/dynamic/%.o)
	rm -f $@ && $(AR) rcs $@ $^
$(RUNTIME)/libnumaprobe-access-static.a: $(STATIC_ONLY:%.c=$(RUNTIME)/static/%.o)
	rm -f $@ && $(AR) rcs $@ $^
$(RUNTIME)/libnumaprobe-access-static-new.a: $(RUNTIME)/static/runtime/intercept/intercept_new.o
	rm -f $@ && $(AR) rcs $@ $^
$(RUNTIME)/libnumaprobe-access.so: $(ACCESS:%.c=$(RUNTIME)/dynamic/%.o)
	$(CC) -shared -Wl,-soname,$(@F) -Wl,-z,nodelete -o $@ $^ -pthread -ldl
$(RUNTIME)/access.list: $(RUNTIME)/libnumaprobe-access.so
	{ echo '{'; nm -D --defined-only $< | awk '$$2 ~ /[TWBDV]/ {print $$3 ";"}'; echo '};'; } >$@
define wrap_rule
$(RUNTIME)/access$(1).wrap: $(RUNTIME)/libnumaprobe-access-static$(1).a
	nm --defined-only $$< | sed -n 's/.* __wrap_/--wrap=/p' | sort -u >$$@
endef
$(foreach v,"" -new,$(eval $(call wrap_rule,$(subst "",,$(v)))))
$(RUNTIME)/instead/libtsan.a:
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rcs $@
$(RUNTIME)/inline.s: runtime/inline.s
	@mkdir -p $(@D)
	cp $< $@

all: $(BUILD)/numaprobe runtime ## build build/numaprobe

$(BUILD)/numaprobe: $(BUILD)/cli/main.o $(CLI_OBJ) $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libnumaprobe.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -DVERSION='"$(VERSION)"' -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# A layout is compiled once for each alignment.
define layout_rule
$(BUILD)/layouts/%-$(1).o: layouts/%.c
	@mkdir -p $$(@D)
	$(CC) $(ALL_CFLAGS) -DALIGN=$(1) -c -o $$@ $$<
endef
$(foreach a,$(ALIGNS),$(eval $(call layout_rule,$(a))))

# An op (alone or in a walk) and a protocol are compiled once for each flavour of the architecture's atomics.
# Unrolled, one iteration would be several ops; outlined, it would be a call.
FLAGS_plain =
FLAGS_llsc  = -march=armv8-a -mno-outline-atomics
FLAGS_lse   = -march=armv8.1-a -mno-outline-atomics
define op_rule
$(BUILD)/$(2)/%-$(1).o: $(2)/%.c
	@mkdir -p $$(@D)
	$(CC) $(ALL_CFLAGS) $(OP_FLAGS) $(FLAGS_$(1)) -DFLAVOUR=$(1) -c -o $$@ $$<
endef
OP_FLAGS = -O2 -fno-unroll-loops
LOOPS = probes/trial/ops probes/costs/walks probes/matrix/protocols probes/replay/replays
$(foreach d,$(LOOPS),$(foreach f,$(FLAVOURS),$(eval $(call op_rule,$(f),$(d)))))

# Registries: sorted const tables of what the folders hold.
registry = @mkdir -p $(@D) && scripts/registry $@ $(1)
$(BUILD)/gen/layouts.c: Makefile scripts/registry $(wildcard layouts layouts/*.c)
	$(call registry,layouts/layout.h layout $(foreach l,$(LAYOUTS),$(foreach a,$(ALIGNS),layout_$(l)_$(a))))
$(BUILD)/gen/ops.c: Makefile scripts/registry $(wildcard probes/trial/ops probes/trial/ops/*.c)
	$(call registry,probes/trial/op.h op $(subst -,_,$(foreach o,$(OPS),$(foreach f,$(FLAVOURS),op_$(o)_$(f)))))
$(BUILD)/gen/walks.c: Makefile scripts/registry $(wildcard probes/costs/walks probes/costs/walks/*.c)
	$(call registry,probes/costs/walk.h walk $(foreach w,$(WALKS),$(foreach f,$(FLAVOURS),walk_$(w)_$(f))))
$(BUILD)/gen/protocols.c: Makefile scripts/registry $(wildcard probes/matrix/protocols probes/matrix/protocols/*.c)
	$(call registry,probes/matrix/protocol.h protocol $(foreach p,$(PROTOCOLS),$(foreach f,$(FLAVOURS),protocol_$(p)_$(f))))
$(BUILD)/gen/replays.c: Makefile scripts/registry $(wildcard probes/replay/replays probes/replay/replays/*.c)
	$(call registry,probes/replay/replay_loop.h replay_loops $(foreach r,$(REPLAYS),$(foreach f,$(FLAVOURS),replay_$(r)_$(f))))
$(BUILD)/gen/backends.c: Makefile scripts/registry $(wildcard probes/counters probes/counters/*.c)
	$(call registry,probes/counters/backend.h backend $(BACKENDS:%=backend_%))
$(BUILD)/gen/cmds.c: Makefile scripts/registry $(wildcard cli cli/* cli/*/*.c)
	$(call registry,cli/cmd.h cmd $(CMDS:%=cmd_%))

# The header that users' own layouts include, carried in the program.
$(BUILD)/gen/layout_header.c: layouts/layout.h scripts/embed
	@mkdir -p $(@D)
	{ echo 'extern const char layout_header[]; const char layout_header[] ='; scripts/embed $<; echo ';'; } >$@

# The event files, carried in the program.
EVENTS = $(sort $(wildcard data/events/*.txt))
$(BUILD)/gen/event_files.c: Makefile scripts/embed $(wildcard data/events) $(EVENTS)
	@mkdir -p $(@D)
	{ echo '#include "base/event_set.h"'; echo 'const struct event_file event_file_table[] = {'; \
	  for f in $(EVENTS); do echo "{\"$${f##*/}\", (const char[])"; scripts/embed $$f; echo '},'; done; \
	  echo '}; const size_t event_file_count = $(words $(EVENTS));'; } >$@

# The charts, and the style and script of the report's page with the hash that its policy allows.
CHARTS = $(sort $(wildcard analysis/charts/*.gp))
$(BUILD)/gen/charts.c: Makefile scripts/embed $(wildcard analysis/charts) $(CHARTS) analysis/charts/style
	@mkdir -p $(@D)
	{ echo '#include "analysis/charts/chart.h"'; echo 'const char chart_style[] ='; scripts/embed analysis/charts/style; \
	  echo '; const struct chart_file chart_file_table[] = {'; \
	  for f in $(CHARTS); do echo "{\"$$(basename $$f .gp)\", (const char[])"; scripts/embed $$f; echo '},'; done; \
	  echo '}; const size_t chart_file_count = $(words $(CHARTS));'; } >$@
$(BUILD)/gen/report_page.c: Makefile scripts/embed analysis/report/report.css analysis/report/report.js
	@mkdir -p $(@D)
	{ echo '#include "analysis/report/report.h"'; \
	  echo 'const char report_style[] ='; scripts/embed analysis/report/report.css; \
	  echo '; const char report_script[] ='; scripts/embed analysis/report/report.js; \
	  echo '; const char report_script_hash[] ='; \
	  echo "\"$$(sha256sum analysis/report/report.js | head -c 64 | tr a-f A-F | basenc --base16 -d | base64)\";"; } >$@

# The manual pages: the tables of options, and the texts in docs/man.
$(BUILD)/scripts/man: $(BUILD)/scripts/man.o $(CLI_OBJ) $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/man/numaprobe.1: $(BUILD)/scripts/man $(wildcard docs/man docs/man/*.inc)
	@mkdir -p $(@D)
	$< docs/man $(@D)
man: $(BUILD)/man/numaprobe.1 ## make the manual pages, in build/man

ops: $(OP_OBJ) $(WALK_OBJ) $(PROTOCOL_OBJ) $(REPLAY_OBJ)

# Tests: one test_<module>.c a module (cmocka), one <command>.bats a command.
TESTS    = $(sort $(basename $(notdir $(wildcard tests/test_*.c))))
TEST_BIN = $(TESTS:%=$(BUILD)/tests/%)
$(BUILD)/tests/test_%: $(BUILD)/tests/test_%.o $(CLI_OBJ) $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)
$(BUILD)/tests/bench/bench_%: $(BUILD)/tests/bench/bench_%.o $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
tests: $(TEST_BIN) $(BUILD)/numaprobe

setup-build:
	@scripts/setup build
# Where it cannot be installed, the page goes without its charts, and says so.
setup-demo:
	@scripts/setup build demo || scripts/setup build
setup-check:
	@scripts/setup build check cross browser

demo: setup-demo ## install what is missing, build, measure this machine, and make a page with charts of it
	$(MAKE) -s -j2 all
	$(BUILD)/numaprobe --align 8,64 --csv $(BUILD)/demo.csv
	$(BUILD)/numaprobe report $(BUILD)/demo.csv -o $(BUILD)/demo.html
	@echo "Every sample is in $(BUILD)/demo.csv; '$(BUILD)/numaprobe schema' lists its columns."
	@echo "The same with charts is $(BUILD)/demo.html; open it in a browser."

check: setup-check ## install what the tests need, build, and run all tests
	scripts/check

SAN = -O1 -g -fno-omit-frame-pointer
build-asan:
	$(MAKE) BUILD=build/asan CC=gcc CFLAGS="$(SAN) -fsanitize=address,undefined -fno-sanitize-recover=all" all tests
build-tsan:
	$(MAKE) BUILD=build/tsan CC=clang CFLAGS="$(SAN) -fsanitize=thread" all tests
asan: ## build and test with ASan and UBSan
	scripts/check asan
tsan: ## build and test with TSan
	scripts/check tsan

SOURCES = $(foreach r,base layouts machine runtime probes analysis cli,$(wildcard $(r)/*.[ch] $(r)/*/*.[ch] $(r)/*/*/*.[ch]))
lint: man ## formatting, cppcheck, clang-tidy, man pages
	clang-format --dry-run --Werror $(SOURCES)
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr --enable=warning,performance,portability \
	    --suppress=missingIncludeSystem -I. -D__x86_64__ -DFLAVOUR=plain -DALIGN=8 -DVERSION='""' $(filter %.c,$(SOURCES))
	printf '%s\n' $(filter %.c,$(SOURCES)) | xargs -P2 -I{} clang-tidy --quiet {} -- \
	    -std=gnu11 -D_GNU_SOURCE -I. -DFLAVOUR=plain -DALIGN=8 -DVERSION=\"\" $(OPTIONAL)
	mandoc -T lint -W warning $(BUILD)/man/*.1

# libFuzzer: clang only, with objects of its own.
FUZZ_SECONDS ?= 60
FUZZERS = $(sort $(basename $(notdir $(wildcard tests/fuzz/fuzz_*.c))))
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(CLI_OBJ) $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)
fuzzers: $(FUZZERS:%=$(BUILD)/tests/fuzz/%)
fuzz: setup-check ## fuzz the parsers and the whole command line, FUZZ_SECONDS=60 each
	scripts/fuzz $(FUZZ_SECONDS)

setup-lab:
	@scripts/setup build cross lab
lab: setup-lab ## run the program in emulated NUMA machines: all guests of scripts/lab/guests
	scripts/lab/lab

coverage: setup-check ## line coverage of base, analysis and layouts
	scripts/coverage

bench: all ## what the harness costs, and how fast the program is
	scripts/bench

setup-bench:
	@scripts/setup build check bench
bench-detect: setup-bench ## what watching costs a program, beside ThreadSanitizer
	$(MAKE) -s -j2 all
	scripts/bench-detect

install: all man ## to PREFIX (default /usr/local), below DESTDIR
	install -D -m755 $(BUILD)/numaprobe $(DESTDIR)$(PREFIX)/bin/numaprobe
	ln -sf numaprobe $(DESTDIR)$(PREFIX)/bin/numaprobe-cc
	ln -sf numaprobe $(DESTDIR)$(PREFIX)/bin/numaprobe-c++
	install -d $(DESTDIR)$(PREFIX)/lib/numaprobe
	cd $(RUNTIME) && install -m644 $(filter-out instead/%,$(RUNTIME_FILES:$(RUNTIME)/%=%)) \
	    $(abspath $(DESTDIR)$(PREFIX)/lib/numaprobe)
	install -D -m644 $(RUNTIME)/instead/libtsan.a $(DESTDIR)$(PREFIX)/lib/numaprobe/instead/libtsan.a
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m644 $(BUILD)/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -D -m644 scripts/numaprobe.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/numaprobe
	install -D -m644 layouts/layout.h $(DESTDIR)$(PREFIX)/include/numaprobe/layouts/layout.h

clean: ## remove everything built
	rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' Makefile | sort

.PHONY: all runtime man ops tests demo check asan tsan build-asan build-tsan lint fuzz fuzzers coverage bench bench-detect lab install clean help \
    setup-build setup-demo setup-check setup-bench setup-lab
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
