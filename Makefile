# winnow: see README.md. `make help` lists the targets.

BUILD ?= build
PREFIX ?= /usr/local
# -O3: some 5 % less time than -O2.
CFLAGS ?= -O3 -g
HOSTCC ?= $(CC)
PYTHON ?= python3
# SAN: sanitizers, as `make check-san` sets it.
SAN ?=

VERSION := $(shell sed -n 's/^\#define WINNOW_VERSION "\(.*\)"/\1/p' include/winnow.h)
MAJOR := $(firstword $(subst ., ,$(VERSION)))
PACKAGES := libxxhash libutf8proc simdjson nettle
# psabi: vectors are passed between functions of one file alone.
WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wvla -Wno-psabi -Werror
# Sanitizers bring their own checks, and fortified functions would hide from them; they also want
# to open files when the program ends. Where the sources lie is nobody's business.
HARDEN := $(if $(SAN),-DUNCONFINED,-D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -ffile-prefix-map=$(CURDIR)=.)
INCLUDES := -Iinclude -Ifilter -I$(BUILD) $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
COMMON_FLAGS = -D_XOPEN_SOURCE=700 -D_FILE_OFFSET_BITS=64 $(INCLUDES) $(CFLAGS) \
	$(HARDEN) $(SAN) -fPIC -fvisibility=hidden -pthread -MMD -MP
ALL_CFLAGS = -std=c11 $(COMMON_FLAGS) $(WARN)
# The one file in front of simdjson. The C compiler's driver knows C++ by the file's name; without
# exceptions and such, all it needs to run is libstdc++.
CXX_FLAGS = -std=c++17 -fno-exceptions -fno-rtti $(COMMON_FLAGS) \
	$(filter-out -Wstrict-prototypes -Wmissing-prototypes,$(WARN))
ALL_LDFLAGS = $(LDFLAGS) $(SAN) -pthread -Wl,-z,relro,-z,now
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lstdc++

# The library, in the order in which the data flows.
LIBRARY := \
	filter/winnow.c \
	filter/workers.c \
	filter/frame/frame.c \
	filter/frame/wet.c \
	filter/batch.c \
	filter/record.c \
	filter/frame/json_field.cpp \
	filter/frame/json_string.c \
	filter/text/text.c \
	filter/text/repair.c \
	filter/text/walk.c \
	filter/text/control.c \
	filter/text/normalise.c \
	filter/text/norm.c \
	filter/sentence/sentence.c \
	filter/sentence/scan.c \
	filter/sentence/uax29.c \
	filter/sentence/prose.c \
	filter/sentence/plain.c \
	filter/sentence/stop.c \
	filter/sentence/apart.c \
	filter/sentence/abbreviation.c \
	filter/sentence/item.c \
	filter/sentence/words.c \
	filter/judge/fold.c \
	filter/judge/fold_ascii.c \
	filter/judge/fold_letter.c \
	filter/judge/fold_table.c \
	filter/judge/fold_words.c \
	filter/judge/fold_lead.c \
	filter/judge/fold_avx2.c \
	filter/judge/fold_ssse3.c \
	filter/judge/fold_neon.c \
	filter/judge/key.c \
	filter/judge/phrase_fold.c \
	filter/judge/rules.c \
	filter/judge/phrase.c \
	filter/judge/phrase_filter.c \
	filter/judge/tally.c \
	filter/judge/tally_avx2.c \
	filter/judge/tally_ssse3.c \
	filter/judge/tally_neon.c \
	filter/judge/edge.c \
	filter/judge/context_measure.c \
	filter/judge/context.c \
	filter/judge/seen.c \
	filter/judge/seen_spill.c \
	filter/judge/seen_walk.c \
	filter/judge/saved.c \
	filter/judge/saved_merge.c \
	filter/judge/known.c \
	filter/judge/template.c \
	filter/judge/learn.c \
	filter/judge/learned.c \
	filter/judge/verdict.c \
	filter/writer.c \
	filter/writer_record.c \
	filter/base/buffer.c \
	filter/base/list.c \
	filter/base/scan.c \
	filter/base/scan_avx2.c \
	filter/base/scan_ssse3.c \
	filter/base/scan_neon.c

COMMAND := \
	filter/main.c \
	filter/cli/run.c \
	filter/cli/options.c \
	filter/cli/confine.c \
	filter/cli/input.c \
	filter/cli/unpack.c \
	filter/cli/output.c \
	filter/cli/report.c \
	filter/cli/explain.c \
	filter/cli/rules.c \
	filter/cli/summary.c \
	filter/cli/page.c \
	filter/cli/tally.c \
	filter/cli/sketch.c \
	filter/cli/figure.c \
	filter/cli/progress.c \
	filter/cli/sets.c \
	filter/cli/message.c \
	filter/cli/stop.c \
	filter/cli/system.c

# The second command shares what talks to people and files with the first.
SEEN_COMMAND := \
	filter/seen_main.c \
	filter/sets/algebra.c \
	filter/cli/confine.c \
	filter/cli/output.c \
	filter/cli/report.c \
	filter/cli/sets.c \
	filter/cli/message.c \
	filter/cli/stop.c \
	filter/cli/system.c

TESTS := $(sort $(wildcard tests/unit/*.c tests/conformance/*.c tests/stream/*.c))

objects = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))

MANUALS := $(BUILD)/winnow.1 $(BUILD)/winnow.3
COMPLETIONS := $(BUILD)/completions/bash $(BUILD)/completions/zsh $(BUILD)/completions/fish

all: $(BUILD)/winnow $(BUILD)/winnow-seen $(BUILD)/libwinnow.so $(MANUALS) $(COMPLETIONS) ## build all that is installed
.PHONY: all

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/%.o: %.cpp
	@mkdir -p $(@D)
	$(CC) $(CXX_FLAGS) -c $< -o $@

$(BUILD)/libwinnow.a: $(call objects,$(LIBRARY))
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/libwinnow.so: $(call objects,$(LIBRARY))
	$(CC) -shared -Wl,-soname,libwinnow.so.$(MAJOR) $^ $(ALL_LDFLAGS) $(LIBS) -o $@

$(BUILD)/winnow: $(call objects,$(COMMAND)) $(BUILD)/libwinnow.a
	$(CC) -pie $^ $(ALL_LDFLAGS) $(LIBS) -o $@

$(BUILD)/winnow-seen: $(call objects,$(SEEN_COMMAND)) $(BUILD)/libwinnow.a
	$(CC) -pie $^ $(ALL_LDFLAGS) $(LIBS) -o $@

# Data of the corpus becomes tables while building, by programs for the machine that builds.

$(BUILD)/make_words: filter/tables/words.c filter/sentence/lower.h filter/sentence/word_hash.h \
		filter/sentence/words.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -O1 -Ifilter $(WARN) $< -o $@

WORD_LISTS := $(sort $(wildcard corpus/abbreviations/*.txt))

$(BUILD)/words_table.h: $(BUILD)/make_words $(WORD_LISTS)
	$(BUILD)/make_words $(WORD_LISTS) >$@.part && mv $@.part $@

$(BUILD)/filter/sentence/words.o: $(BUILD)/words_table.h

# The phrases are folded as text is, by the very same code.
# Where lists agree on a phrase and differ on its category, English comes first.
ENGLISH := corpus/boilerplate/en.txt
PHRASE_LISTS := $(ENGLISH) $(filter-out $(ENGLISH),$(sort $(wildcard corpus/boilerplate/*.txt)))
MAKE_PHRASES := filter/tables/phrases.c \
	$(filter filter/base/% filter/judge/fold% filter/judge/phrase_fold.c filter/judge/phrase_filter.c \
	filter/judge/rules.c,$(LIBRARY))

$(BUILD)/make_phrases: $(MAKE_PHRASES) $(wildcard filter/judge/*.h filter/base/*.h)
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_XOPEN_SOURCE=700 $(INCLUDES) -O1 $(WARN) -pthread $(MAKE_PHRASES) $(LIBS) -o $@

$(BUILD)/tables/phrases.inc: $(BUILD)/make_phrases $(PHRASE_LISTS)
	@mkdir -p $(@D)
	$(BUILD)/make_phrases $(PHRASE_LISTS) >$@.part && mv $@.part $@

$(BUILD)/filter/judge/phrase.o: $(BUILD)/tables/phrases.inc

# The manual and the completions follow the command's table of options, winnow(3) the header.

MAKE_MANUAL := filter/tables/manual.c filter/cli/options.c filter/cli/message.c \
	filter/cli/system.c filter/sentence/words.c

$(BUILD)/make_manual: $(MAKE_MANUAL) $(BUILD)/words_table.h include/winnow.h filter/cli/options.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_XOPEN_SOURCE=700 $(INCLUDES) -O1 $(WARN) -pthread $(MAKE_MANUAL) -o $@

$(BUILD)/winnow.1: filter/cli/winnow.1.in $(BUILD)/make_manual
	$(BUILD)/make_manual man $< >$@.part && mv $@.part $@

$(BUILD)/winnow.3: include/winnow.h filter/tables/header.awk filter/cli/winnow.1.in
	@mkdir -p $(@D)
	awk -v date="$$(sed -n 's/^\.Dd //p' filter/cli/winnow.1.in)" -f filter/tables/header.awk $< \
		>$@.part && mv $@.part $@

$(COMPLETIONS): $(BUILD)/make_manual
	@mkdir -p $(@D)
	$(BUILD)/make_manual $(@F) >$@.part && mv $@.part $@

# What corpus/boilerplate/fit.py fits the weights of context.c with; needed for nothing else.
$(BUILD)/context_cells: filter/tables/context_cells.c filter/judge/context.c $(BUILD)/libwinnow.a
	$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $< $(BUILD)/libwinnow.a $(ALL_LDFLAGS) $(LIBS) -o $@

# Tables made of Unicode's files are committed: building needs none of those files.

UNICODE_DATA ?= /usr/share/unicode
SENTENCE_BREAK := $(UNICODE_DATA)/auxiliary/SentenceBreakProperty.txt

$(BUILD)/make_sentence_break: filter/tables/sentence_break.c
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -O1 $(WARN) $< -o $@

check-tables: $(BUILD)/make_sentence_break ## compare the generated tables with Unicode's files
	@if [ -r $(SENTENCE_BREAK) ]; then \
		$< $(SENTENCE_BREAK) | cmp - filter/tables/sentence_break.h; \
	else \
		echo "check-tables: skipped: no $(SENTENCE_BREAK)"; \
	fi
.PHONY: check-tables

# On a new machine: what is missing is installed, then the job is done.

SETUP := sh .ci/setup

run: ## install what is missing, build, clean the corpus's articles and show it
	@$(SETUP)
	@$(MAKE) --no-print-directory all
	@sh corpus/show $(BUILD)/winnow corpus/articles/*.txt
.PHONY: run

test: ## install what is missing, build, run all tests
	@$(SETUP) test
	@$(MAKE) --no-print-directory check
.PHONY: test

# Tests of what is built; the unit tests last, for their summary.

check: all check-tables test-cli test-reference replay unit ## run all tests, installing nothing
.PHONY: check

# The tests make allocations fail: tests/unit/failing.h.
WRAP := malloc calloc realloc posix_memalign mmap mmap64

# Benchmarks, each a program of its own: make build/tests/bench/text
BENCHES := $(addprefix $(BUILD)/tests/bench/,repeats sentence stages text)

$(BENCHES:%=%.o): tests/bench/bench.h

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libwinnow.a
	$(CC) $^ $(ALL_LDFLAGS) $(LIBS) -o $@

# Other programs are measured beside it where they are on PATH. TEXTS, SIZE: the script's --help.
bench: $(BUILD)/winnow $(BENCHES) ## measure speed, for the README
	@BUILD=$(BUILD) CC="$(CC)" SIZE=$(SIZE) $(PYTHON) -B tests/bench/run.py $(TEXTS)
.PHONY: bench

# What GOLDEN, WEB and TEXT are, and how the others are installed: the script's --help.
bench-sentences: $(BUILD)/winnow $(BUILD)/tests/bench/sentence ## compare sentence segmenters
	WINNOW=$(BUILD)/winnow STAGE=$(BUILD)/tests/bench/sentence \
		$(PYTHON) tests/bench/segmenters/compare.py $(GOLDEN) $(WEB) $(TEXT)
.PHONY: bench-sentences

# TEXT: some 100 MB of lines; much less, and the model has nothing to go by.
bench-cluster: $(BUILD)/winnow $(BUILD)/winnow-seen ## measure what a run over shards costs
	WINNOW=$(BUILD)/winnow PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/cluster.py $(TEXT)
.PHONY: bench-cluster

$(BUILD)/unit-tests: $(call objects,$(TESTS) $(filter-out filter/main.c,$(COMMAND))) \
		$(BUILD)/libwinnow.a
	$(CC) $^ $(ALL_LDFLAGS) $(WRAP:%=-Wl,--wrap=%) $(LIBS) $(shell pkg-config --libs criterion) -o $@

unit: $(BUILD)/unit-tests ## run the unit tests alone
	$(BUILD)/unit-tests
.PHONY: unit

$(BUILD)/tests/cli/peer: tests/cli/peer.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $< $(ALL_LDFLAGS) -o $@

# What stands between the command and the system, in some tests.
$(BUILD)/tests/cli/shim.so: tests/cli/shim.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -O1 -g -fPIC -shared $(WARN) $< -o $@

# By this name it is not run by `make -n`, as $(MAKE) would be.
TEST_MAKE = $(MAKE)

test-cli: all $(BUILD)/tests/cli/peer $(BUILD)/tests/cli/shim.so ## run the tests of the command alone
	WINNOW=$(BUILD)/winnow sh tests/cli/golden.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/corpus.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/compressed.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/manual.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/completions.sh
	MAKE="$(TEST_MAKE)" CC="$(CC) $(SAN)" sh tests/cli/install.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/recipes.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/sets.sh
	@if command -v $(PYTHON) >/dev/null; then \
		WINNOW=$(BUILD)/winnow PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/cluster/joined.py; \
	else \
		echo "shards: not run here (no $(PYTHON))"; \
	fi
	WINNOW=$(BUILD)/winnow PEER=$(BUILD)/tests/cli/peer sh tests/cli/faults.sh
	WINNOW=$(BUILD)/winnow PEER=$(BUILD)/tests/cli/peer sh tests/cli/report.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/bounds.sh
	WINNOW=$(BUILD)/winnow SHIM=$(BUILD)/tests/cli/shim.so sh tests/cli/calls.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/confine.sh
.PHONY: test-cli

# COMPARE: seconds, and a seed.
test-reference: $(BUILD)/winnow ## hold the command against the reference on random text
	@if command -v $(PYTHON) >/dev/null; then \
		WINNOW=$(BUILD)/winnow $(PYTHON) tests/reference/compare.py $(COMPARE); \
	else \
		echo "test-reference: skipped: no $(PYTHON)"; \
	fi
.PHONY: test-reference

# Fuzz targets, each a file of its own: tests/fuzz/fuzz.h.

FUZZ ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_HELPERS := $(call objects,tests/fuzz/fuzz.c tests/stream/capture.c)
SECONDS ?= 60

.SECONDARY: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fuzz/*.c))

$(BUILD)/replay-%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(FUZZ_HELPERS) \
		$(BUILD)/libwinnow.a
	$(CC) $^ $(ALL_LDFLAGS) $(LIBS) -o $@

$(BUILD)/fuzz-%: $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_HELPERS) $(BUILD)/libwinnow.a
	$(CC) $^ $(ALL_LDFLAGS) -fsanitize=fuzzer $(LIBS) -o $@

replay: $(FUZZ:%=$(BUILD)/replay-%) ## give the fuzz targets their seeds and all that once broke them
	@for name in $(FUZZ); do \
		find tests/fuzz/corpus/$$name -type f | sort | xargs $(BUILD)/replay-$$name || exit 1; \
	done
.PHONY: replay

# What breaks a target is kept in its corpus.
fuzz: ## fuzz each target (FUZZ, all) for SECONDS (60), with clang
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang CFLAGS="-O1 -g" \
		SAN="$(SAN_FLAGS) -fsanitize=fuzzer-no-link" $(FUZZ:%=$(BUILD)/fuzz/fuzz-%)
	@for name in $(FUZZ); do \
		mkdir -p $(BUILD)/fuzz/found/$$name && echo "fuzz: $$name" && \
		$(BUILD)/fuzz/fuzz-$$name -max_total_time=$(SECONDS) -print_final_stats=1 -verbosity=0 \
			-max_len=4096 -artifact_prefix=tests/fuzz/corpus/$$name/ \
			$(BUILD)/fuzz/found/$$name tests/fuzz/corpus/$$name || exit 1; \
	done
.PHONY: fuzz

# Less is found in a second than by the targets; but this is the command, as it is run.
AFL := $(BUILD)/afl

fuzz-afl: ## fuzz the command for SECONDS (60), with AFL++
	@if command -v afl-clang-fast >/dev/null && command -v afl-fuzz >/dev/null; then \
		AFL_QUIET=1 $(MAKE) -s --no-print-directory BUILD=$(AFL) CC=afl-clang-fast HOSTCC=$(HOSTCC) \
			CFLAGS="-O1 -g" SAN="$(SAN_FLAGS)" $(AFL)/winnow && \
		WINNOW=$(AFL)/winnow sh tests/fuzz/afl.sh $(SECONDS) $(AFL)/found; \
	else \
		echo "fuzz-afl: skipped: no AFL++ (Debian's afl++)"; \
	fi
.PHONY: fuzz-afl

# Tests that want programs which few machines have; each says what it leaves out.
# What it needs, `sh .ci/setup all` installs.
check-all: check deb ## run all tests, and those with a browser, other readers, packages, machines
	WINNOW=$(BUILD)/winnow $(PYTHON) tests/cli/browser.py
	sh tests/cli/package.sh $(DEB)
	WINNOW=$(BUILD)/winnow PYTHON=$(PYTHON) sh tests/cli/warcio.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/linear.sh
	WINNOW=$(BUILD)/winnow sh tests/cli/bounds.sh full
	WINNOW=$(BUILD)/winnow SHIM=$(BUILD)/tests/cli/shim.so sh tests/cli/calls.sh full
	@$(MAKE) --no-print-directory memcheck lint-deep
	sh tests/cli/builds.sh
.PHONY: check-all

# Spark comes from PyPI, into an environment of its own; Java from .ci/setup.
CLUSTER := $(BUILD)/cluster
$(CLUSTER)/installed: tests/cluster/requirements.txt
	@$(SETUP) cluster
	$(PYTHON) -m venv $(CLUSTER)
	$(CLUSTER)/bin/pip install -q -r $<
	touch $@

check-cluster: $(BUILD)/winnow $(BUILD)/winnow-seen $(CLUSTER)/installed ## run the tests of many machines
	WINNOW=$(BUILD)/winnow PYTHONDONTWRITEBYTECODE=1 $(CLUSTER)/bin/python tests/cluster/spark.py $(TEXTS)
.PHONY: check-cluster

# A leak inside a Criterion test does not fail it: the log is searched too.
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_FAULT := ERROR: (Address|Leak)Sanitizer|runtime error:

check-san: ## run all tests with the address and undefined-behaviour sanitizers
	@mkdir -p $(BUILD)/san
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/san SAN="$(SAN_FLAGS)" CFLAGS="-O1 -g" check \
		>$(BUILD)/san/log 2>&1; st=$$?; cat $(BUILD)/san/log; \
		! grep -qE '$(SAN_FAULT)' $(BUILD)/san/log && exit $$st
	@$(MAKE) --no-print-directory check-tsan
.PHONY: check-san

# Of the command alone: where this sanitizer keeps its books, Criterion finds no room for its own.
check-tsan: ## run what has threads with the sanitizer that sees data races
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan SAN="-fsanitize=thread" CFLAGS="-O1 -g" \
		$(BUILD)/tsan/winnow $(BUILD)/tsan/tests/cli/peer
	TSAN_OPTIONS="halt_on_error=1 exitcode=66" WINNOW=$(BUILD)/tsan/winnow \
		PEER=$(BUILD)/tsan/tests/cli/peer sh tests/cli/threads.sh
.PHONY: check-tsan

# The rest of the unit tests, some minutes long there, have the address sanitizer.
LEAN := @(record|report|rules|seen|sets|wet|frame|json)/*

memcheck: $(BUILD)/winnow $(BUILD)/winnow-seen $(BUILD)/unit-tests ## run the command and some unit tests under valgrind
	WINNOW=$(BUILD)/winnow sh tests/cli/memcheck.sh
	@if command -v valgrind >/dev/null; then \
		valgrind -q --suppressions=tests/cli/memcheck.supp --error-exitcode=9 $(BUILD)/unit-tests \
			--filter '$(LEAN)'; \
	else \
		echo "memcheck: unit tests: not run here: no valgrind"; \
	fi
.PHONY: memcheck

# Without optimisation a line is a line. Branches that the compiler makes of a call are no branches.
COVERAGE := $(BUILD)/coverage

coverage: ## run all tests, and say which lines and branches of the library they reach
	@find $(COVERAGE) -name '*.gcda' -delete 2>/dev/null || true
	@mkdir -p $(COVERAGE)
	@$(MAKE) -k --no-print-directory BUILD=$(COVERAGE) CFLAGS="-O0 -g" \
		SAN="--coverage -fprofile-update=atomic" check >$(COVERAGE)/log 2>&1 || \
		echo "coverage: a test failed: $(COVERAGE)/log"
	@if command -v gcovr >/dev/null; then \
		gcovr -r . --object-directory $(COVERAGE) --exclude-unreachable-branches \
			--exclude-throw-branches -e filter/cli -e filter/main.c -e filter/tables -f filter \
			-f include -s --fail-under-line 95 --fail-under-branch 85; \
	else \
		echo "coverage: no gcovr: the counts are below $(COVERAGE), for gcov"; \
	fi
.PHONY: coverage

lint: ## look for faults without running: clang's warnings, cppcheck
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/clang CC=clang all
	cppcheck -q --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 -Iinclude -Ifilter filter
.PHONY: lint

# What gcc's analyzer gets wrong: names kept in a list of the caller's are no leak; and it takes the
# width of a vector's shift for that of a bit-field.
ANALYZE = gcc -std=c11 -D_XOPEN_SOURCE=700 -D_FILE_OFFSET_BITS=64 $(INCLUDES) -O1 -fanalyzer -Werror -Wno-psabi
ANALYZED := $(filter %.c,$(sort $(LIBRARY) $(COMMAND) $(SEEN_COMMAND)))
EXCUSE_options := -Wno-analyzer-malloc-leak
EXCUSE_context := -Wno-analyzer-shift-count-overflow

lint-deep: all lint-tidy ## look for faults slowly, with gcc's analyzer and clang-tidy
	@if command -v gcc >/dev/null; then $(foreach file,$(ANALYZED),\
		$(ANALYZE) $(EXCUSE_$(basename $(notdir $(file)))) -c $(file) -o /dev/null || exit 1;) fi
.PHONY: lint-deep

lint-tidy: all ## look for faults with clang-tidy, as .clang-tidy says
	@if command -v clang-tidy >/dev/null; then \
		clang-tidy --quiet $(ANALYZED) -- -std=c11 -D_XOPEN_SOURCE=700 -D_FILE_OFFSET_BITS=64 \
			$(INCLUDES) 2>/dev/null; \
	else \
		echo "lint-tidy: not run here: no clang-tidy"; \
	fi
.PHONY: lint-tidy

# Where things go. Debian's package has its own ideas of LIBDIR and ZSHDIR.
BINDIR ?= $(PREFIX)/bin
INCLUDEDIR ?= $(PREFIX)/include
LIBDIR ?= $(PREFIX)/lib
MANDIR ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
CLUSTERDIR ?= $(PREFIX)/share/winnow
SHARED := libwinnow.so.$(VERSION)

# All that is installed: what, and as what.
INSTALLED = \
	$(BUILD)/winnow:$(BINDIR)/winnow \
	$(BUILD)/winnow-seen:$(BINDIR)/winnow-seen \
	include/winnow.h:$(INCLUDEDIR)/winnow.h \
	$(BUILD)/libwinnow.a:$(LIBDIR)/libwinnow.a \
	$(BUILD)/libwinnow.so:$(LIBDIR)/$(SHARED) \
	$(BUILD)/winnow.pc:$(LIBDIR)/pkgconfig/winnow.pc \
	$(BUILD)/winnow.1:$(MANDIR)/man1/winnow.1 \
	filter/sets/winnow-seen.1:$(MANDIR)/man1/winnow-seen.1 \
	$(BUILD)/winnow.3:$(MANDIR)/man3/winnow.3 \
	$(BUILD)/completions/bash:$(BASHDIR)/winnow \
	$(BUILD)/completions/zsh:$(ZSHDIR)/_winnow \
	$(BUILD)/completions/fish:$(FISHDIR)/winnow.fish \
	filter/sets/completions/bash:$(BASHDIR)/winnow-seen \
	filter/sets/completions/zsh:$(ZSHDIR)/_winnow-seen \
	filter/sets/completions/fish:$(FISHDIR)/winnow-seen.fish \
	filter/cluster/winnow_parallel:$(CLUSTERDIR)/winnow_parallel \
	filter/cluster/winnow_spark.py:$(CLUSTERDIR)/winnow_spark.py \
	filter/cluster/shards.py:$(CLUSTERDIR)/shards.py \
	filter/cluster/pieces.py:$(CLUSTERDIR)/pieces.py \
	filter/cluster/winnow-parallel.1:$(MANDIR)/man1/winnow-parallel.1 \
	filter/cluster/winnow-spark.1:$(MANDIR)/man1/winnow-spark.1
# What links lead to, and the links.
LINKS = \
	$(SHARED):$(LIBDIR)/libwinnow.so.$(MAJOR) \
	$(SHARED):$(LIBDIR)/libwinnow.so \
	$(CLUSTERDIR)/winnow_parallel:$(BINDIR)/winnow-parallel \
	$(CLUSTERDIR)/winnow_spark.py:$(BINDIR)/winnow-spark

# It names the folders it is installed in, which another `make install` may name differently.
$(BUILD)/winnow.pc: FORCE
	@printf '%s\n' 'prefix=$(PREFIX)' 'includedir=$(INCLUDEDIR)' 'libdir=$(LIBDIR)' 'Name: winnow' \
		'Description: deduplicating filter that cleans text' 'Version: $(VERSION)' \
		'Requires.private: $(PACKAGES)' 'Libs: -L$${libdir} -lwinnow' 'Libs.private: -lstdc++ -pthread' \
		'Cflags: -I$${includedir}' >$@
FORCE:
.PHONY: FORCE

install: all $(BUILD)/winnow.pc ## install below PREFIX (/usr/local), staged in DESTDIR
	@set -e; for pair in $(INSTALLED); do \
		to=$(DESTDIR)$${pair#*:} mode=644; \
		case $$to in *$(BINDIR)/*|*/winnow_*|*/shards.py) mode=755;; esac; \
		echo "$$to"; \
		mkdir -p "$${to%/*}"; \
		install -m $$mode "$${pair%%:*}" "$$to"; \
	done; \
	for pair in $(LINKS); do ln -sf "$${pair%%:*}" "$(DESTDIR)$${pair#*:}"; done
.PHONY: install

uninstall: ## remove what `make install` installed
	rm -f $(foreach pair,$(INSTALLED) $(LINKS),$(DESTDIR)$(word 2,$(subst :, ,$(pair))))
.PHONY: uninstall

# The packages are built in a copy, by a make of their own that knows nothing of this one.
DEB := $(BUILD)/deb

deb: ## build the Debian packages, in build/deb
	rm -rf $(DEB)
	mkdir -p $(DEB)/winnow
	cp -R Makefile README.md filter include corpus $(DEB)/winnow
	cp -R .debian $(DEB)/winnow/debian
	sed 's/@VERSION@/$(VERSION)/' .debian/changelog >$(DEB)/winnow/debian/changelog
	cd $(DEB)/winnow && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u BUILD -u CC -u CFLAGS -u SAN \
		dpkg-buildpackage -b -us -uc
.PHONY: deb

clean: ## remove what was built
	rm -rf $(BUILD)
.PHONY: clean

help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 - \2/p' $(firstword $(MAKEFILE_LIST))
.PHONY: help

-include $(patsubst %.o,%.d,$(call objects,$(LIBRARY) $(COMMAND) $(SEEN_COMMAND) $(TESTS) $(wildcard tests/fuzz/*.c)))
