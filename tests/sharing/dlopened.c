/* SPDX-License-Identifier: MIT
 * A plugin, loaded when the program already runs, keeps its global counters side by side.
 * False: each thread has its own. Fix: each on lines of its own. */
/* expect: false-sharing object=plugin field=calls module=libdlopened.so */
/* build: dlopen */
#include "twin.h"

#ifdef LIBRARY
ON_LINE static struct {
    APART unsigned long calls;
} plugin[THREADS];
void plugin_work(unsigned me, unsigned long ops);
unsigned long plugin_calls(unsigned me);

void plugin_work(unsigned me, unsigned long ops)
{
    WRITES(me, plugin[me].calls);
    for (unsigned long i = 0; i < ops; i++) {
        plugin[me].calls++; /* <- hot */
        twin_settle();
    }
}

unsigned long plugin_calls(unsigned me)
{
    return plugin[me].calls;
}
#else
#include <dlfcn.h>

static void work(unsigned me, void *arg)
{
    void (*plugin_work)(unsigned, unsigned long);
    *(void **)&plugin_work = dlsym(arg, "plugin_work");
    plugin_work(me, twin.ops);
}

int main(int argc, char **argv)
{
    unsigned long (*plugin_calls)(unsigned);
    twin_amount(argc, argv, 250000000);
    void *plugin = dlopen("libdlopened.so", RTLD_NOW);
    if (!plugin) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    twin_run(THREADS, work, plugin);
    *(void **)&plugin_calls = dlsym(plugin, "plugin_calls");
    printf("%lu %lu\n", plugin_calls(0), plugin_calls(1));
    return dlclose(plugin);
}
#endif
