# winnow: see README.md. `make help` lists the targets.

BUILD ?= build
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
SAN ?=

VERSION := $(shell sed -n 's/^\#define WINNOW_VERSION "\(.*\)"/\1/p' include/winnow.h)
MAJOR := $(firstword $(subst ., ,$(VERSION)))
PKG := libxxhash libutf8proc
WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wvla -Werror
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
ifneq ($(SAN),)
HARDEN :=
endif
STD := -std=c11 -D_XOPEN_SOURCE=700 -D_FILE_OFFSET_BITS=64
ALL_CFLAGS = $(STD) -Iinclude -Ifilter -I$(BUILD) $(shell pkg-config --cflags $(PKG)) $(CFLAGS) $(WARN) $(HARDEN) \
	$(SAN) -fPIC -fvisibility=hidden -pthread -MMD -MP
ALL_LDFLAGS = $(LDFLAGS) $(SAN) -pthread -Wl,-z,relro,-z,now
LIBS = $(shell pkg-config --libs $(PKG)) -lm

# The library, in the order in which the data flows.
LIBRARY := \
	filter/base/buffer.c \
	filter/base/list.c \
	filter/judge/fold.c \
	filter/judge/fold_ascii.c \
	filter/judge/fold_table.c

COMMAND := \
	filter/main.c \
	filter/cli/run.c \
	filter/cli/options.c \
	filter/cli/input.c \
	filter/cli/output.c \
	filter/cli/report.c \
	filter/cli/message.c \
	filter/cli/stop.c \
	filter/cli/system.c

TESTS := \
	tests/unit/test_fold.c

LIBRARY_OBJ := $(LIBRARY:%.c=$(BUILD)/%.o)
COMMAND_OBJ := $(COMMAND:%.c=$(BUILD)/%.o)
TESTS_OBJ := $(TESTS:%.c=$(BUILD)/%.o)

all: $(BUILD)/winnow $(BUILD)/libwinnow.so ## build the command and the library
.PHONY: all

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/libwinnow.a: $(LIBRARY_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/libwinnow.so: $(LIBRARY_OBJ)
	$(CC) -shared -Wl,-soname,libwinnow.so.$(MAJOR) $^ $(ALL_LDFLAGS) $(LIBS) -o $@

$(BUILD)/winnow: $(COMMAND_OBJ) $(BUILD)/libwinnow.a
	$(CC) -pie $^ $(ALL_LDFLAGS) $(LIBS) -o $@

$(BUILD)/unit-tests: $(TESTS_OBJ) $(BUILD)/libwinnow.a
	$(CC) $^ $(ALL_LDFLAGS) $(LIBS) $(shell pkg-config --libs criterion) -o $@

unit: $(BUILD)/unit-tests ## run the unit tests alone
	$(BUILD)/unit-tests
.PHONY: unit

$(BUILD)/tests/cli/peer: tests/cli/peer.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $< $(ALL_LDFLAGS) -o $@

test-cli: $(BUILD)/winnow $(BUILD)/tests/cli/peer ## run the tests of the command alone
	WINNOW=$(BUILD)/winnow tests/cli/golden.sh
	WINNOW=$(BUILD)/winnow PEER=$(BUILD)/tests/cli/peer tests/cli/faults.sh
.PHONY: test-cli

clean: ## remove what was built
	rm -rf $(BUILD)
.PHONY: clean

help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s@
.PHONY: help

-include $(LIBRARY_OBJ:.o=.d) $(COMMAND_OBJ:.o=.d) $(TESTS_OBJ:.o=.d)
