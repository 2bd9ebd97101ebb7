/* Allocations that fail when a test says so. The linker sends the library's calls here (--wrap). */
#ifndef TESTS_FAILING_H
#define TESTS_FAILING_H

/* The n-th allocation from now on fails, and all after it; 0: none. */
void fail_allocation(unsigned n);

#endif
