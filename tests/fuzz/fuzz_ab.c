/* SPDX-License-Identifier: MIT
 * libFuzzer: any bytes are read as a CSV of ab or refused with a message; of what was read a page
 * can be made, with no byte of it as markup. An input that begins with 'H' gets a header before it.
 */
#include "analysis/ab/ab_columns.h"
#include "tests/fuzz/page.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ab_sessions sessions = {0};
    struct err err = {0};
    FILE *const in = tmpfile();
    if (!in)
        abort();
    const size_t skipped = size > 0 && data[0] == 'H';
    for (unsigned i = 0; skipped && i < AB_COLUMNS; i++)
        fprintf(in, "%s%s", ab_columns[i].name, i + 1 < AB_COLUMNS ? "," : "\n");
    fwrite(data + skipped, 1, size - skipped, in);
    rewind(in);
    const int code = ab_csv_read(in, "fuzz.csv", &sessions, &err);
    if (code != err.code || (code != 0) != (err.text[0] != '\0'))
        abort();
    if (code == 0) {
        ab_sessions_group(&sessions);
        check_page(&(struct detect_file){0}, &sessions);
    }
    ab_sessions_fini(&sessions);
    fclose(in);
    return 0;
}
