# One Makefile, non-recursive. `make help` lists the targets.
# A variant of the build (sanitizer, other compiler, other architecture) is the same Makefile with
# another BUILD folder, so that they never share an object.
BUILD   ?= build
CC      ?= gcc
ARCH    ?= $(shell $(CC) -dumpmachine | cut -d- -f1)
ARCH    := $(ARCH)
PREFIX  ?= /usr/local
VERSION := $(file <VERSION)
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules
# Where building is all that is asked for, on all cpus; a -j that is given counts.
ifeq ($(MAKELEVEL)$(filter-out all runtime tests man,$(MAKECMDGOALS)),0)
MAKEFLAGS += -j$(shell nproc)
endif

WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
           -Wwrite-strings -Wvla -Wformat=2
CFLAGS  ?= -O2 -g
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. $(WARN) $(CFLAGS) -pthread -MMD -MP $(OPTIONAL) $(EXTRA)
# Optional libraries. Without one, the part that needs it is still listed and reports why it is not available.
have     = $(if $(filter y,$(shell printf '\043include <%s>' '$(1)' | \
             $(CC) $(EXTRA) -E - >/dev/null 2>&1 && echo y)),$(2))
needs    = $(if $(findstring $(1),$(OPTIONAL)),$(2))
OPTIONAL := $(call have,perfmon/pfmlib_perf_event.h,-DHAVE_PFM) $(call have,papi.h,-DHAVE_PAPI) \
            $(call have,elfutils/libdwfl.h,-DHAVE_DW) $(call have,urcu/rculfhash.h,-DHAVE_URCU)
OPTIONAL += $(call needs,HAVE_URCU,$(call have,ck_ht.h,-DHAVE_CK))
OPTIONAL += $(if $(filter x86_64,$(ARCH)),$(call have,Zydis/Zydis.h,-DHAVE_ZYDIS))
# The kernel's part of watch --exact is compiled for the kernel's own machine, which clang does.
BPF_CC   ?= clang
OPTIONAL += $(if $(filter x86_64,$(ARCH)),$(if $(shell command -v $(BPF_CC)),$(call have,bpf/libbpf.h,-DHAVE_BPF)))
LDLIBS   = $(call needs,HAVE_DW,-ldw -lelf) $(call needs,HAVE_PAPI,-lpapi) $(call needs,HAVE_PFM,-lpfm) \
           $(call needs,HAVE_URCU,-lurcu-cds -lurcu-qsbr) $(call needs,HAVE_CK,-lck) \
           $(call needs,HAVE_ZYDIS,-lZydis -lZycore) $(call needs,HAVE_BPF,-lbpf) -lhwloc -lnuma -lcsv -ljansson -ldl -lm -pthread

# Made once, since a mkdir for each object takes as long as a twentieth of its compilation.
folder   = @$(if $(wildcard $(@D)/.),,mkdir -p $(@D))

# The build finds its parts by the files in a folder: a new part is a new file.
ALIGNS   = 8 16 32 64 128 256
FLAVOURS = $(if $(filter aarch64,$(ARCH)),llsc lse,plain)
LAYOUTS  = $(sort $(basename $(notdir $(wildcard layouts/*.c))))
OPS      = $(sort $(basename $(notdir $(wildcard probes/trial/ops/*.c))))
WALKS    = $(sort $(basename $(notdir $(wildcard probes/costs/walks/*.c))))
PROTOCOLS = $(sort $(basename $(notdir $(wildcard probes/matrix/protocols/*.c))))
REPLAYS  = $(sort $(basename $(notdir $(wildcard probes/replay/replays/*.c))))
BACKENDS = $(sort $(patsubst backend_%,%,$(basename $(notdir $(wildcard probes/counters/backend_*.c)))))
CMDS     = $(sort $(patsubst cmd_%,%,$(basename $(notdir $(wildcard cli/cmd_*.c cli/*/cmd_*.c)))))
# A strategy of maps/ is a .c without a .h; what they share has both.
MAPS     = $(sort $(filter-out $(basename $(notdir $(wildcard maps/*.h))),$(basename $(notdir $(wildcard maps/*.c)))))
MAP_ALIGNS = 8 16 32 64 128
ALIGNED_MAPS = $(shell grep -l 'Alignas.ALIGN' maps/*.c | sed 's|maps/||; s|[.]c||')
ROOMS    = $(wildcard maps/*.c base/*.c machine/*.c machine/system/*.c analysis/*/*.c probes/*/*.c)

LAYOUT_OBJ = $(foreach l,$(LAYOUTS),$(foreach a,$(ALIGNS),$(BUILD)/layouts/$(l)-$(a).o))
OP_OBJ     = $(foreach o,$(OPS),$(foreach f,$(FLAVOURS),$(BUILD)/probes/trial/ops/$(o)-$(f).o))
WALK_OBJ   = $(foreach w,$(WALKS),$(foreach f,$(FLAVOURS),$(BUILD)/probes/costs/walks/$(w)-$(f).o))
PROTOCOL_OBJ = $(foreach p,$(PROTOCOLS),$(foreach f,$(FLAVOURS), \
                 $(BUILD)/probes/matrix/protocols/$(p)-$(f).o))
REPLAY_OBJ = $(foreach r,$(REPLAYS),$(foreach f,$(FLAVOURS),$(BUILD)/probes/replay/replays/$(r)-$(f).o))
GEN_OBJ    = $(addprefix $(BUILD)/gen/,layouts.o ops.o walks.o protocols.o replays.o backends.o layout_header.o map_header.o \
             event_files.o load_files.o go_files.o charts.o report_page.o fleet_script.o version.o maps.o $(call needs,HAVE_BPF,call_object.o))
MAP_OBJ    = $(foreach m,$(ALIGNED_MAPS),$(foreach a,$(MAP_ALIGNS),$(BUILD)/maps/$(m)-$(a).o))
LIB_OBJ    = $(filter-out $(ALIGNED_MAPS:%=$(BUILD)/maps/%.o),$(ROOMS:%.c=$(BUILD)/%.o)) $(MAP_OBJ) $(LAYOUT_OBJ) $(OP_OBJ) $(WALK_OBJ) $(PROTOCOL_OBJ) $(REPLAY_OBJ) $(GEN_OBJ)
CLI_OBJ    = $(patsubst %.c,$(BUILD)/%.o,$(filter-out cli/main.c,$(wildcard cli/*.c cli/*/*.c))) $(BUILD)/gen/cmds.o

# The runtime of instrumented programs (runtime/): separate objects that contain nothing of numaprobe. Three forms:
# in a dynamically linked program, as a shared library, and in a static program, where the linker's --wrap
# puts it before libc. access.list names what the first exports to libraries, access.wrap what the last wraps.
ACCESS     = $(filter-out runtime/go/%,$(wildcard runtime/*.c runtime/*/*.c))
GO_HOOKS   = $(wildcard runtime/go/*.c)
ACCESS_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. $(WARN) $(filter -Werror -ffile-prefix-map=%,$(CFLAGS)) -O2 -g \
             -fPIC -fno-omit-frame-pointer -fno-builtin \
             $(if $(findstring clang,$(CC)),,-fno-tree-loop-distribute-patterns) -fexceptions -pthread -MMD -MP \
             $(if $(filter x86_64,$(ARCH)),-mcx16)
RUNTIME    = $(BUILD)/runtime
RUNTIME_FILES = $(addprefix $(RUNTIME)/,libnumaprobe-go.a libnumaprobe-access.a libnumaprobe-access.so libnumaprobe-access-static.a \
             libnumaprobe-access-static-new.a access.list go.list access.wrap access-new.wrap inline.s gcc.specs \
             $(addprefix cxx/,barrier latch semaphore numaprobe_order.h))
# Most static programs have no libstdc++ or libgomp to take the real functions from.
STATIC_ONLY = $(filter-out $(addprefix %/intercept_,new.c load.c openmp.c),$(ACCESS))
# Only what differs there is compiled again for static programs.
WRAPPED   := $(shell grep -lE 'ACCESS_WRAP|"runtime/base/real_libc\.h"' $(STATIC_ONLY))
STATIC_OBJ = $(WRAPPED:%.c=$(RUNTIME)/static/%.o) $(patsubst %.c,$(RUNTIME)/dynamic/%.o,$(filter-out $(WRAPPED),$(STATIC_ONLY)))
runtime: $(RUNTIME_FILES)
$(RUNTIME)/dynamic/%.o: %.c $(BUILD)/flags
	$(folder)
	$(CC) $(ACCESS_CFLAGS) -c -o $@ $<
$(RUNTIME)/static/%.o: %.c $(BUILD)/flags
	$(folder)
	$(CC) $(ACCESS_CFLAGS) -DACCESS_WRAP -c -o $@ $<
$(RUNTIME)/libnumaprobe-access.a: $(ACCESS:%.c=$(RUNTIME)/dynamic/%.o)
	rm -f $@ && $(AR) rcs $@ $^
$(RUNTIME)/libnumaprobe-go.a: $(GO_HOOKS:%.c=$(RUNTIME)/dynamic/%.o)
	rm -f $@ && $(AR) rcs $@ $^
$(RUNTIME)/libnumaprobe-access-static.a: $(STATIC_OBJ)
	rm -f $@ && $(AR) rcs $@ $^
$(RUNTIME)/libnumaprobe-access-static-new.a: $(RUNTIME)/static/runtime/intercept/intercept_new.o
	rm -f $@ && $(AR) rcs $@ $^
$(RUNTIME)/libnumaprobe-access.so: $(ACCESS:%.c=$(RUNTIME)/dynamic/%.o)
	$(CC) -shared -Wl,-soname,$(@F) -Wl,-z,nodelete -o $@ $^ -pthread -ldl
$(RUNTIME)/access.list: $(RUNTIME)/libnumaprobe-access.so
	{ echo '{'; nm -D --defined-only $< | awk '$$2 ~ /[TWBDV]/ {print $$3 ";"}'; echo '};'; } >$@
# What the hooks of Go programs are called, for `numaprobe go` to compare.
$(RUNTIME)/go.list: $(RUNTIME)/libnumaprobe-go.a
	{ nm --defined-only $< | awk '$$3 ~ /^numaprobe_go_/ {print $$3}'; echo numaprobe_gate_2; } | sort >$@
wraps = nm --defined-only $< | sed -n 's/.* __wrap_/--wrap=/p' | sort -u >$@
$(RUNTIME)/access.wrap: $(RUNTIME)/libnumaprobe-access-static.a
	$(wraps)
$(RUNTIME)/access-new.wrap: $(RUNTIME)/libnumaprobe-access-static-new.a
	$(wraps)
$(RUNTIME)/inline.s $(RUNTIME)/gcc.specs $(filter $(RUNTIME)/cxx/%,$(RUNTIME_FILES)): $(RUNTIME)/%: runtime/%
	$(folder)
	cp $< $@

all: $(BUILD)/numaprobe runtime ## build build/numaprobe

# Cargo starts these programs of ours by name and without a word before its own.
CALLED = $(BUILD)/numaprobe-rustc $(BUILD)/numaprobe-rustdoc
all: $(CALLED)
$(CALLED):
	ln -sf numaprobe $@

# An archive: a test is linked with the commands that it calls.
$(BUILD)/cli.a: $(CLI_OBJ)
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/numaprobe: $(BUILD)/cli/main.o $(BUILD)/cli.a $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libnumaprobe.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	$(folder)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# The compiler and its flags. Every object depends on this file, so that other flags build everything again.
# -Werror changes no object.
OP_FLAGS = -O2 -fno-unroll-loops
BUILT_WITH := $(filter-out -Werror,$(CC) $(shell $(CC) -dumpversion) $(ALL_CFLAGS) $(OP_FLAGS) $(ACCESS_CFLAGS) \
                $(LDFLAGS))
ifneq ($(BUILT_WITH),$(file <$(BUILD)/flags))
.PHONY: $(BUILD)/flags
endif
$(BUILD)/flags:
	$(folder)
	@echo '$(subst ','\'',$(BUILT_WITH))' >$@

$(BUILD)/gen/version.c: VERSION
	$(folder)
	printf '#include "base/version.h"\nconst char numaprobe_version[] = "%s";\n' '$(VERSION)' >$@
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# A layout is compiled once for each alignment, and so is a strategy of maps/ that has one.
define align_rule
$(BUILD)/$(2)/%-$(1).o: $(2)/%.c $(BUILD)/flags
	$$(folder)
	$(CC) $(ALL_CFLAGS) -DALIGN=$(1) -c -o $$@ $$<
endef
$(foreach a,$(ALIGNS),$(eval $(call align_rule,$(a),layouts)))
$(foreach a,$(MAP_ALIGNS),$(eval $(call align_rule,$(a),maps)))

# An op (alone or in a walk) and a protocol are compiled once for each flavour of the architecture's atomics.
# Unrolled, one iteration would be several ops; outlined, it would be a call.
FLAGS_plain =
FLAGS_llsc  = -march=armv8-a -mno-outline-atomics
FLAGS_lse   = -march=armv8.1-a -mno-outline-atomics
define op_rule
$(BUILD)/$(2)/%-$(1).o: $(2)/%.c $(BUILD)/flags
	$$(folder)
	$(CC) $(ALL_CFLAGS) $(OP_FLAGS) $(FLAGS_$(1)) -DFLAVOUR=$(1) -c -o $$@ $$<
endef
LOOPS = probes/trial/ops probes/costs/walks probes/matrix/protocols probes/replay/replays
$(foreach d,$(LOOPS),$(foreach f,$(FLAVOURS),$(eval $(call op_rule,$(f),$(d)))))

# Registries: sorted const tables of the parts found in the folders.
registry = @mkdir -p $(@D) && scripts/registry $@ $(1)
$(BUILD)/gen/layouts.c: Makefile scripts/registry $(wildcard layouts layouts/*.c)
	$(call registry,layouts/layout.h layout $(foreach l,$(LAYOUTS),$(foreach a,$(ALIGNS),layout_$(l)_$(a))))
$(BUILD)/gen/maps.c: Makefile scripts/registry $(wildcard maps maps/*.c)
	$(call registry,maps/map.h map_strategy $(foreach m,$(MAPS),$(if $(filter $(m),$(ALIGNED_MAPS)),\
	    $(foreach a,$(MAP_ALIGNS),map_strategy_$(m)_$(a)),map_strategy_$(m))))
$(BUILD)/gen/ops.c: Makefile scripts/registry $(wildcard probes/trial/ops probes/trial/ops/*.c)
	$(call registry,probes/trial/op.h op $(subst -,_,$(foreach o,$(OPS),$(foreach f,$(FLAVOURS),op_$(o)_$(f)))))
$(BUILD)/gen/walks.c: Makefile scripts/registry $(wildcard probes/costs/walks probes/costs/walks/*.c)
	$(call registry,probes/costs/walk.h walk $(foreach w,$(WALKS),$(foreach f,$(FLAVOURS),walk_$(w)_$(f))))
$(BUILD)/gen/protocols.c: Makefile scripts/registry $(wildcard probes/matrix/protocols probes/matrix/protocols/*.c)
	$(call registry,probes/matrix/protocol.h protocol \
	    $(foreach p,$(PROTOCOLS),$(foreach f,$(FLAVOURS),protocol_$(p)_$(f))))
$(BUILD)/gen/replays.c: Makefile scripts/registry $(wildcard probes/replay/replays probes/replay/replays/*.c)
	$(call registry,probes/replay/replay_loop.h replay_loops \
	    $(foreach r,$(REPLAYS),$(foreach f,$(FLAVOURS),replay_$(r)_$(f))))
$(BUILD)/gen/backends.c: Makefile scripts/registry $(wildcard probes/counters probes/counters/*.c)
	$(call registry,probes/counters/backend.h backend $(BACKENDS:%=backend_%))
$(BUILD)/gen/cmds.c: Makefile scripts/registry $(wildcard cli cli/* cli/*/*.c)
	$(call registry,cli/cmd.h cmd $(CMDS:%=cmd_%))

# The header that users' layouts include, embedded in the program.
$(BUILD)/gen/layout_header.c: layouts/layout.h scripts/embed
	$(folder)
	{ echo 'extern const char layout_header[]; const char layout_header[] ='; scripts/embed $<; echo ';'; } >$@

# The header that users' strategies include, too.
$(BUILD)/gen/map_header.c: maps/map.h scripts/embed
	$(folder)
	{ echo 'extern const char map_header[]; const char map_header[] ='; scripts/embed $<; echo ';'; } >$@

# What watch --exact loads into the kernel, embedded in the program.
BPF_FLAGS = -O2 -g -Wall -Wextra -mcpu=v3 -target bpf -ffile-prefix-map=$(CURDIR)=. -I. -I/usr/include/$(shell $(CC) -print-multiarch)
$(BUILD)/probes/uprobe/kernel/calls.bpf.o: probes/uprobe/kernel/calls.bpf.c probes/uprobe/call_tables.h $(BUILD)/flags
	$(folder)
	$(BPF_CC) $(BPF_FLAGS) -c -o $@ $<
$(BUILD)/gen/call_object.c: $(BUILD)/probes/uprobe/kernel/calls.bpf.o scripts/embed
	$(folder)
	{ echo '#include <stddef.h>'; echo 'extern const unsigned char call_object[]; extern const size_t call_object_size;'; \
	  echo '_Alignas(16) const unsigned char call_object[] ='; scripts/embed $<; \
	  echo '; const size_t call_object_size = sizeof call_object - 1;'; } >$@

# The event files, embedded in the program.
EVENTS = $(sort $(wildcard data/events/*.txt))
$(BUILD)/gen/event_files.c: Makefile scripts/embed $(wildcard data/events) $(EVENTS)
	$(folder)
	{ echo '#include "base/event_set.h"'; echo 'const struct event_file event_file_table[] = {'; \
	  for f in $(EVENTS); do echo "{\"$${f##*/}\", (const char[])"; scripts/embed $$f; echo '},'; done; \
	  echo '}; const size_t event_file_count = $(words $(EVENTS));'; } >$@

# The loads of maps, embedded in the program.
LOADS = $(sort $(wildcard data/loads/*.txt))
$(BUILD)/gen/load_files.c: Makefile scripts/embed $(wildcard data/loads) $(LOADS)
	$(folder)
	{ echo '#include "probes/maps/load.h"'; echo 'const struct load_file load_file_table[] = {'; \
	  for f in $(LOADS); do echo "{\"$$(basename $$f .txt)\", (const char[])"; scripts/embed $$f; echo '},'; done; \
	  echo '}; const size_t load_file_count = $(words $(LOADS));'; } >$@

# The program of maps --go, embedded as its source.
GO = $(sort $(wildcard data/go/maps/*.go))
$(BUILD)/gen/go_files.c: Makefile scripts/embed $(wildcard data/go/maps) $(GO)
	$(folder)
	{ echo '#include "probes/maps/go_program.h"'; echo 'const struct go_file go_file_table[] = {'; \
	  for f in $(GO); do echo "{\"$${f##*/}\", (const char[])"; scripts/embed $$f; echo '},'; done; \
	  echo '}; const size_t go_file_count = $(words $(GO));'; } >$@

# The parts of the script of fleet run that are the same for every plan.
FLEET = task slurm ssh
$(BUILD)/gen/fleet_script.c: Makefile scripts/embed $(FLEET:%=data/fleet/%.bash)
	$(folder)
	{ echo '#include "analysis/fleet/script.h"'; for f in $(FLEET); do \
	  echo "const char fleet_$${f}_text[] ="; scripts/embed data/fleet/$$f.bash; echo ';'; done; } >$@

# The charts, and the style and script of the report's page with the hash that its content policy allows.
CHARTS = $(sort $(wildcard analysis/charts/*.gp))
$(BUILD)/gen/charts.c: Makefile scripts/embed $(wildcard analysis/charts) $(CHARTS) analysis/charts/style
	$(folder)
	{ echo '#include "analysis/charts/chart.h"'; \
	  echo 'const char chart_style[] ='; scripts/embed analysis/charts/style; \
	  echo '; const struct chart_file chart_file_table[] = {'; \
	  for f in $(CHARTS); do echo "{\"$$(basename $$f .gp)\", (const char[])"; scripts/embed $$f; echo '},'; done; \
	  echo '}; const size_t chart_file_count = $(words $(CHARTS));'; } >$@
$(BUILD)/gen/report_page.c: Makefile scripts/embed analysis/report/report.css analysis/report/report.js
	$(folder)
	{ echo '#include "analysis/report/report.h"'; \
	  echo 'const char report_style[] ='; scripts/embed analysis/report/report.css; \
	  echo '; const char report_script[] ='; scripts/embed analysis/report/report.js; \
	  echo '; const char report_script_hash[] ='; \
	  echo "\"$$(sha256sum analysis/report/report.js | head -c 64 | tr a-f A-F | basenc --base16 -d | base64)\";"; } >$@

# The manual pages: the tables of options, and the texts in docs/man. RUN runs a program of another architecture.
$(BUILD)/scripts/man: $(BUILD)/scripts/man.o $(BUILD)/cli.a $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/man/numaprobe.1: $(BUILD)/scripts/man $(wildcard docs/man docs/man/*.inc)
	$(folder)
	$(RUN) $< docs/man $(@D)
$(BUILD)/man/%.3: docs/man/%.3
	$(folder)
	cp $< $@
man: $(BUILD)/man/numaprobe.1 $(BUILD)/man/numaprobe.h.3 ## make the manual pages, in build/man

ops: $(OP_OBJ) $(WALK_OBJ) $(PROTOCOL_OBJ) $(REPLAY_OBJ)

# Tests: one test_<module>.c a module (cmocka), one <command>.bats a command. What asserts on time, or on this machine's
# cpus, memory and counters, is in tests/machine. Their mains are written from the tests that each file has.
TESTS    = $(sort $(basename $(wildcard tests/unit/test_*.c tests/machine/test_*.c)))
TEST_BIN = $(TESTS:%=$(BUILD)/%)
$(TEST_BIN:$(BUILD)/%=$(BUILD)/gen/%.c): $(BUILD)/gen/%.c: %.c scripts/test-main
	$(folder)
	scripts/test-main $@ $<
$(TEST_BIN): $(BUILD)/tests/%: $(BUILD)/gen/tests/%.o $(BUILD)/cli.a $(BUILD)/libnumaprobe.a
	$(folder)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)
$(BUILD)/tests/bench/bench_%: $(BUILD)/tests/bench/bench_%.o $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
tests: $(TEST_BIN) $(BUILD)/numaprobe $(CALLED)

setup-build:
	@scripts/setup build
# Where gnuplot cannot be installed, the page has no charts, with the reason.
setup-demo:
	@scripts/setup build demo || scripts/setup build
setup-check:
	@scripts/setup build check cross browser

demo: setup-demo ## install what is missing, build, measure this machine, and write a page with charts
	$(MAKE) -s -j2 all
	$(BUILD)/numaprobe --align 8,64 --csv $(BUILD)/demo.csv
	$(BUILD)/numaprobe report $(BUILD)/demo.csv -o $(BUILD)/demo.html
	@echo "Every sample is in $(BUILD)/demo.csv; '$(BUILD)/numaprobe schema' lists its columns."
	@echo "The same with charts is $(BUILD)/demo.html; open it in a browser."

check: setup-check ## install what the tests need, build, and run all tests
	scripts/check

check-long: setup-check setup-bench ## what takes too long for each commit; goes on where it ended, at most 3 hours
	scripts/check-long

# Few builds have to serve all: the fuzzers are linked with the objects of ASan, and the counters of lines are in the
# build with TSan, of which only tests run. They are in these rooms only: shared between threads, they would be, beside
# a measured loop, the false sharing it looks for, as they still are where a loop has functions of base's headers.
SAN = -O1 -g -Werror -fno-omit-frame-pointer
COUNTED = --coverage '-fprofile-filter-files=^(base|analysis|layouts)/' -fprofile-update=atomic
build-asan:
	$(MAKE) BUILD=build/asan CC=clang all tests fuzzers \
	    CFLAGS="$(SAN) -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined"
build-tsan:
	$(MAKE) BUILD=build/tsan CC=gcc CFLAGS="$(SAN) -fsanitize=thread $(COUNTED)" tests
asan: setup-check ## build and test with ASan and UBSan
	scripts/check asan
tsan coverage: setup-check ## build and test with TSan, and count the lines of base, analysis and layouts that ran
	scripts/check tsan

lint: man ## formatting, static analysis, English, man pages: C, shell and Python
	OPTIONAL="$(OPTIONAL)" scripts/lint
lint-analyser:
	OPTIONAL="$(OPTIONAL)" scripts/lint --analyser

# libFuzzer: clang only.
FUZZ_SECONDS ?= 60
FUZZERS = $(sort $(basename $(notdir $(wildcard tests/fuzz/fuzz_*.c))))
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/cli.a $(BUILD)/libnumaprobe.a
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)
fuzzers: $(FUZZERS:%=$(BUILD)/tests/fuzz/%)
fuzz: setup-check ## fuzz the parsers and the whole command line, FUZZ_SECONDS=60 each
	scripts/fuzz $(FUZZ_SECONDS)

setup-lab:
	@scripts/setup build cross lab
lab: setup-lab ## run the program in emulated NUMA machines: all guests in scripts/lab/guests
	scripts/lab/lab

bench: all ## the cost of the harness, and the speed of the program
	scripts/bench

setup-bench:
	@scripts/setup build check bench
bench-detect: setup-bench ## the slowdown of instrumented programs, compared with ThreadSanitizer
	$(MAKE) -s -j2 all
	scripts/bench-detect
bench-watch: all ## what watching costs the program that is watched
	scripts/bench-watch

# Installed files, below PREFIX. `install` puts them there and `uninstall` removes exactly these.
MAN       = numaprobe.1 $(patsubst docs/man/%.inc,numaprobe-%.1, \
              $(filter-out docs/man/numaprobe.inc,$(sort $(wildcard docs/man/*.inc))))
LIB_FILES = $(RUNTIME_FILES:$(RUNTIME)/%=lib/numaprobe/%)
MAN_FILES = $(addprefix share/man/man1/,$(MAN)) share/man/man3/numaprobe.h.3
COMPLETION = share/bash-completion/completions/numaprobe
LAYOUT_HEADER = include/numaprobe/layouts/layout.h
MAP_HEADER = include/numaprobe/maps/map.h
PROGRAM_HEADER = include/numaprobe.h
ALIASES = numaprobe-cc numaprobe-c++ numaprobe-rustc numaprobe-rustdoc
INSTALLED = bin/numaprobe $(ALIASES:%=bin/%) $(LIB_FILES) $(MAN_FILES) $(COMPLETION) $(LAYOUT_HEADER) \
             $(MAP_HEADER) $(PROGRAM_HEADER)
OWN_FOLDERS = lib/numaprobe/cxx lib/numaprobe include/numaprobe/layouts include/numaprobe/maps include/numaprobe
to = $(DESTDIR)$(PREFIX)
install: all man ## to PREFIX (default /usr/local), below DESTDIR
	install -D -m755 $(BUILD)/numaprobe $(to)/bin/numaprobe
	for f in $(ALIASES); do ln -sf numaprobe $(to)/bin/$$f || exit; done
	for f in $(LIB_FILES:lib/numaprobe/%=%); do \
	    install -D -m644 $(RUNTIME)/$$f $(to)/lib/numaprobe/$$f || exit; done
	install -D -m644 -t $(to)/share/man/man1 $(MAN:%=$(BUILD)/man/%)
	install -D -m644 -t $(to)/share/man/man3 $(BUILD)/man/numaprobe.h.3
	install -D -m644 scripts/numaprobe.bash $(to)/$(COMPLETION)
	install -D -m644 layouts/layout.h $(to)/$(LAYOUT_HEADER)
	install -D -m644 maps/map.h $(to)/$(MAP_HEADER)
	install -D -m644 runtime/numaprobe.h $(to)/$(PROGRAM_HEADER)

uninstall: ## remove what install put there
	rm -f $(INSTALLED:%=$(to)/%)
	for d in $(OWN_FOLDERS:%=$(to)/%); do [ ! -d $$d ] || rmdir --ignore-fail-on-non-empty $$d; done

# The commit HEAD as an archive; the same commit always gives the same bytes.
DIST = $(BUILD)/numaprobe-$(VERSION).tar.xz
dist: ## archive the committed sources: build/numaprobe-VERSION.tar.xz
	@mkdir -p $(BUILD)
	git archive --format=tar --prefix=numaprobe-$(VERSION)/ HEAD | xz -9 -T1 >$(DIST)

deb: ## build Debian packages: build/deb
	@scripts/deb
tarball: ## build an archive that runs from any folder, with glibc 2.31 or newer: build/tarball; also ARCH=aarch64
	@scripts/tarball $(ARCH)

clean: ## remove everything built
	rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z -]*\):.*## /\1: /p' Makefile | sort

.PHONY: all runtime man ops tests demo check check-long asan tsan build-asan build-tsan lint lint-analyser fuzz \
    fuzzers coverage bench bench-detect bench-watch lab install uninstall dist deb tarball clean help \
    setup-build setup-demo setup-check setup-bench setup-lab
# Others' sources lie in bench-detect, with .d files of dtrace.
-include $(shell find $(BUILD) -path $(BUILD)/bench-detect -prune -o -name '*.d' -type f -print 2>/dev/null)
