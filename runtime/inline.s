# SPDX-License-Identifier: MIT
# Read by the assembler before the compiler's output (x86-64, AT&T syntax): what a hook does most of the time, before
# the call of it. A call and its return cost as much as all the rest, more so from one library to another. All that
# a call may clobber is free here but rdi, the address; no hook returns anything.
#
# tier1_knows of tier1.h, which explains it, for an access that lies on one line. hooks.c checks the offsets.
.set numaprobe_unread, 8
.set numaprobe_unwritten, 16
.set numaprobe_reads, 24
.set numaprobe_writes, 28
.macro numaprobe_known mask unseen count target
        movq    numaprobe_gate_2@GOTPCREL(%rip), %rdx
        cmpb    $0, (%rdx)
        je      .Lnumaprobe_\@
        movq    numaprobe_me_1@GOTTPOFF(%rip), %rsi
        movq    %rdi, %rax
        shrq    $6, %rax
        andq    16(%rdx), %rax
        movl    %eax, %ecx
        shrb    $5, %cl
        xorb    %cl, %al
        rolb    $1, %al
        shlq    $5, %rax
        addq    8(%rdx), %rax
        movl    (%rax), %edx
        cmpl    %fs:(%rsi), %edx
        jne     .Lnumaprobe_call_\@
        movl    $\mask, %edx
        movl    %edi, %ecx
        shlq    %cl, %rdx
        testq   %rdx, \unseen(%rax)
        jne     .Lnumaprobe_call_\@
        addq    $1, %fs:16(%rsi)
        addl    $1, \count(%rax)
        jmp     .Lnumaprobe_\@
.Lnumaprobe_call_\@:
        numaprobe_call \target
.Lnumaprobe_\@:
.endm
# Only the test whether accesses are seen at all: most of the time they are not.
.macro numaprobe_seen target
        movq    numaprobe_gate_2@GOTPCREL(%rip), %rdx
        cmpb    $0, (%rdx)
        je      .Lnumaprobe_\@
        numaprobe_call \target
.Lnumaprobe_\@:
.endm
.macro numaprobe_try name action target:vararg
        .ifc    "\target","__tsan_\name"
        .set    numaprobe_is_hook, 1
        numaprobe_\action
        .endif
        .ifc    "\target","__tsan_\name@PLT"
        .set    numaprobe_is_hook, 1
        numaprobe_\action
        .endif
.endm
# The most frequent first.
.macro numaprobe_test target:vararg
        .set    numaprobe_is_hook, 0
        numaprobe_try read8, "known 0xff, numaprobe_unread, numaprobe_reads, \target", \target
        numaprobe_try read4, "known 0xf, numaprobe_unread, numaprobe_reads, \target", \target
        numaprobe_try write8, "known 0xff, numaprobe_unwritten, numaprobe_writes, \target", \target
        numaprobe_try write4, "known 0xf, numaprobe_unwritten, numaprobe_writes, \target", \target
        numaprobe_try read1, "known 0x1, numaprobe_unread, numaprobe_reads, \target", \target
        numaprobe_try write1, "known 0x1, numaprobe_unwritten, numaprobe_writes, \target", \target
        numaprobe_try read2, "known 0x3, numaprobe_unread, numaprobe_reads, \target", \target
        numaprobe_try write2, "known 0x3, numaprobe_unwritten, numaprobe_writes, \target", \target
        .ifeq   numaprobe_is_hook
        .irp    name, read_range, write_range, vptr_read, vptr_update
        numaprobe_try \name, "seen \target", \target
        .endr
        .irp    name, unaligned_read2, unaligned_read4, unaligned_read8
        numaprobe_try \name, "seen \target", \target
        .endr
        .irp    name, unaligned_write2, unaligned_write4, unaligned_write8
        numaprobe_try \name, "seen \target", \target
        .endr
        .endif
        .ifeq   numaprobe_is_hook
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
