// Counts what the thread "phi-render" allocates, by second and by the library that asked. To be preloaded; when the
// program ends, it writes lines "SECOND LIBRARY COUNT" to the file that ALLOCATION_REPORT names.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

#define SECONDS 120
#define LIBRARIES 64

static const void *libraries[LIBRARIES];
// Copies: a driver may be gone by the end.
static char names[LIBRARIES][256];
static unsigned counts[SECONDS][LIBRARIES];
static time_t start;

// One thread has the name; nobody else touches the tables.
static void count(void *caller) {
    char name[16] = "";
    prctl(PR_GET_NAME, name);
    if (strcmp(name, "phi-render") != 0) return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (start == 0) start = now.tv_sec;
    long second = now.tv_sec - start;
    Dl_info info;
    if (second >= SECONDS) return;
    // Code that was compiled while running belongs to no file.
    if (dladdr(caller, &info) == 0) info = (Dl_info){.dli_fname = "compiled", .dli_fbase = &start};
    int index = 0;
    while (index < LIBRARIES - 1 && libraries[index] != NULL && libraries[index] != info.dli_fbase) index++;
    libraries[index] = info.dli_fbase;
    if (names[index][0] == 0) strncpy(names[index], info.dli_fname, sizeof names[index] - 1);
    counts[second][index]++;
}

void *malloc(size_t size) {
    count(__builtin_return_address(0));
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(__builtin_return_address(0));
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    count(__builtin_return_address(0));
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    count(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    count(__builtin_return_address(0));
    *memory = __libc_memalign(alignment, size);
    return *memory == NULL ? 12 : 0;
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("ALLOCATION_REPORT");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    if (file == NULL) return;
    for (int second = 0; second < SECONDS; second++) {
        for (int index = 0; index < LIBRARIES && libraries[index] != NULL; index++) {
            if (counts[second][index] > 0) {
                fprintf(file, "%d %s %u\n", second, names[index], counts[second][index]);
            }
        }
    }
    fclose(file);
}
