/* SPDX-License-Identifier: MIT
 * analysis/dwarf/rust_symbol.h on symbols of RFC 2603, of rustc 1.96, and on what is neither. */
#include "tests/test.h"

#include "analysis/dwarf/rust_symbol.h"

#include <stdio.h>
#include <string.h>

static void check(const char *symbol, const char *path)
{
    char got[512];
    assert_true(rust_symbol_path(symbol, got, sizeof got));
    assert_string_equal(got, path);
}

static void test_v0(void **state)
{
    (void)state;
    check("_RNvC7mycrate3foo", "mycrate::foo");
    check("_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar");
    check("_RNCNvCs1234_7mycrate3foo0B3_", "mycrate::foo::{closure#0}");
    check("_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}");
    check("_RINvCs1234_7mycrate3foohE", "mycrate::foo<u8>");
    check("_RINvNtC3std3mem8align_ofjdE", "std::mem::align_of<usize, f64>");
    check("_RNvMs4_NtCslNYArtu3iFV_5alloc7raw_vecNtB5_11RawVecInner15try_allocate_inCsduwmD7cSIQq_"
          "5gimli",
        "alloc::raw_vec::RawVecInner::try_allocate_in");
    check("_RNvMs1_NtNtCsgEmfK2I1SDS_4core3ptr8non_nullINtB5_7NonNullINtNtCslNYArtu3iFV_5alloc4"
          "sync8ArcInnerNtNtNtCsjrHSEGnQ3l9_3std6thread6thread5InnerEE6as_refCs6xxl1lAjzDf_1a",
        "core::ptr::non_null::NonNull<alloc::sync::ArcInner<std::thread::thread::Inner>>::as_ref");
    check("_RNvXCs1234_7mycrateNtB2_3FooNtB2_3Bar3baz", "<mycrate::Foo as mycrate::Bar>::baz");
    check("_RINvC1c1fRShTlmEFhEuKj3_E", "c::f<&[u8], (i32, u32), fn(u8), 3>");
}

static void test_legacy(void **state)
{
    (void)state;
    check("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core::fmt::Formatter::pad");
    check("_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar"
          "17h930b740aa94f1d3aE",
        "<Test + 'static as foo::Bar<Test>>::bar");
}

static void test_others(void **state)
{
    (void)state;
    static const char *const symbols[] = {"", "main", "_R", "_RX", "_RNv", "_RNvC9999999", "_RB_",
        "_RNvC7mycrat", "_RINvC7mycrate3fooB_E", "_ZN3foo3barEv", "_ZN", "_ZN99x17hE",
        "_ZN3foo17h0123456789abcdegE", "_RNvNvNvNv", "_RIIIIIIIIB_B_B_", "_RNvC1\0"};
    char got[64];
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        assert_false(rust_symbol_path(symbols[i], got, sizeof got));
}

/* Any end and any wrong letter: it stays within its memory, and ends. */
static void test_broken(void **state)
{
    (void)state;
    const char *const symbol =
        "_RNvMs1_NtNtCsgEmfK2I1SDS_4core3ptr8non_nullINtB5_7NonNullINtNtCslNYArtu3iFV_5alloc4"
        "sync8ArcInnerNtNtNtCsjrHSEGnQ3l9_3std6thread6thread5InnerEE6as_refCs6xxl1lAjzDf_1a";
    char text[256], got[64];
    for (size_t i = 0; i < strlen(symbol); i++)
        for (const char *with = "B_TFDIRK0zE"; *with; with++) {
            snprintf(text, sizeof text, "%s", symbol);
            text[i] = *with;
            rust_symbol_path(text, got, sizeof got);
            assert_true(strlen(got) < sizeof got);
            text[i] = '\0';
            rust_symbol_path(text, got, sizeof got);
        }
}
