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
.macro numaprobe_test target:vararg
        .set    numaprobe_is_hook, 0
        .irp    hook, read1, read2, read4, read8, write1, write2, write4, write8
        .ifc    \target,__tsan_\hook@PLT
        .set    numaprobe_is_hook, 1
        .endif
        .ifc    \target,__tsan_\hook
        .set    numaprobe_is_hook, 1
        .endif
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
