# SPDX-License-Identifier: MIT
# Read by the assembler before the compiler's output (x86-64, AT&T syntax): before a call of a hook it tests
# whether accesses are seen at all. A call costs several times as much as the test, and most of the time it is
# not needed. Registers: rax is clobbered by a call anyway, and no hook returns anything.
.macro numaprobe_hook target
        movq    numaprobe_access_on@GOTPCREL(%rip), %rax
        cmpb    $0, (%rax)
        je      .Lnumaprobe_\@
        numaprobe_call \target
.Lnumaprobe_\@:
.endm
.macro numaprobe_compare name target:vararg
        .ifc    \target,__tsan_\name@PLT
        .set    numaprobe_is_hook, 1
        .endif
        .ifc    \target,__tsan_\name
        .set    numaprobe_is_hook, 1
        .endif
.endm
.macro numaprobe_test target:vararg
        .set    numaprobe_is_hook, 0
        .irp    name, read1, read2, read4, read8, write1, write2, write4, write8, read_range, write_range
        numaprobe_compare \name \target
        .endr
        .irp    name, unaligned_read2, unaligned_read4, unaligned_read8, vptr_read
        numaprobe_compare \name \target
        .endr
        .irp    name, unaligned_write2, unaligned_write4, unaligned_write8, vptr_update
        numaprobe_compare \name \target
        .endr
        .if     numaprobe_is_hook
        numaprobe_hook \target
        .else
        numaprobe_call \target
        .endif
.endm
# gcc writes "call", clang "callq"; the other name is then the instruction.
.ifdef numaprobe_clang
.macro numaprobe_call target:vararg
        call    \target
.endm
.macro callq target:vararg
        numaprobe_test \target
.endm
.else
.macro numaprobe_call target:vararg
        callq   \target
.endm
.macro call target:vararg
        numaprobe_test \target
.endm
.endif
