/* SPDX-License-Identifier: MIT
 * Decimal numbers in text, read strictly: strtod and strtoull alone also take "inf", hex, leading
 * blanks and a minus that wraps round. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

/* Each reads digits at `text` and returns where the number ends; NULL when there is none or it does
 * not fit (ERANGE in errno then, else EINVAL). The caller judges what follows. */
const char *number_u64(const char *text, uint64_t *out); /* no sign */
const char *number_i64(const char *text, int64_t *out);
/* "-12", "0.5", "1.5e-7": the exactly rounded value, always finite. Expects the C locale. */
const char *number_real(const char *text, double *out);

#endif
