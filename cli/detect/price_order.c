/* SPDX-License-Identifier: MIT
 * Findings by what a fix gains. */
#include "cli/detect/detect.h"

/* 1: no gain, or none that is known. */
static double gain_of(const struct price *price)
{
    return price->known && price->happens && price->verdict == PRICE_GAIN ? price->speedup.mid : 1;
}

/* Stable: findings without a gain keep their order. */
void detect_prices_order(struct detect_session *session)
{
    struct sharing **const finding = session->list.finding;
    struct price *const price = session->prices.price;
    for (size_t i = 1; i < session->list.count; i++)
        for (size_t j = i; j > 0 && gain_of(&price[j]) > gain_of(&price[j - 1]); j--) {
            struct sharing *const f = finding[j];
            const struct price p = price[j];
            finding[j] = finding[j - 1];
            price[j] = price[j - 1];
            finding[j - 1] = f;
            price[j - 1] = p;
        }
}
