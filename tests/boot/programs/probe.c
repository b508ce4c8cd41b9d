/* Touches what a program must not touch, calls what it must not call, and reports what came back.

   probe fault NAME     do the one thing of that name, which must end the program
   probe calls          system calls whose answers Linux shares: "label: result" per line
   probe own            system calls whose answers are this kernel's own
   probe registers      every register across both entries, with odd flags too
   probe stack          the stack grows to almost 8 MiB, with the direction flag set as well
   probe memory         mmap, munmap and brk: contents, reuse, holes
   probe leak           allocates from all three sources, then faults
   probe spin | read | status N | silent

   No library: the entry and the calls are below. Linux runs the same file, which makes it the judge of `calls`. */

typedef unsigned long u64;
typedef long i64;

#define PAGE 4096UL
#define FAULT(name, action) if (is_equal(what, name)) { action; finish(0); }

static i64 call(i64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
    register u64 r10 __asm__("r10") = d;
    register u64 r8 __asm__("r8") = e;
    register u64 r9 __asm__("r9") = f;
    i64 result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static i64 interrupt_call(i64 number, u64 a, u64 b, u64 c)
{
    i64 result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "memory");
    return result;
}

static u64 length(const char *text) { u64 size = 0; while (text[size]) size++; return size; }
static void say(const char *text) { call(1, 1, (u64)text, length(text), 0, 0, 0); }
static void finish(i64 status) { for (;;) call(231, status, 0, 0, 0, 0, 0); }

static int is_equal(const char *a, const char *b)
{
    while (*a && *a == *b) { a++; b++; }
    return *a == *b;
}

static char *put_number(char *place, i64 value)
{
    char digits[24]; int count = 0; u64 rest = value < 0 ? -(u64)value : (u64)value;
    if (value < 0) *place++ = '-';
    do { digits[count++] = '0' + rest % 10; rest /= 10; } while (rest);
    while (count) *place++ = digits[--count];
    return place;
}

static void report(const char *label, i64 value)
{
    char line[160]; char *place = line;
    while (*label) *place++ = *label++;
    *place++ = ':'; *place++ = ' ';
    place = put_number(place, value);
    *place++ = '\n'; *place = 0;
    say(line);
}

static u64 parse(const char *text) { u64 value = 0; while (*text) value = value * 10 + (*text++ - '0'); return value; }

static volatile u64 data_word = 0x00c3c3c3c3c3c3c3;      /* ret, ret, … for the attempt to execute data */
static const char constant_text[16] = "a constant text";
static char zeroed[3 * PAGE];
void _start(void);

static u64 read_at(u64 address) { return *(volatile u64 *)address; }
static void write_at(u64 address) { *(volatile u64 *)address = 1; }
static void jump_to(u64 address) { __asm__ volatile("call *%0" : : "r"(address) : "memory"); }

static u64 sink;
static __attribute__((noinline)) u64 dive(u64 depth)
{
    volatile char local[1000];
    local[0] = (char)depth;
    u64 below = dive(depth + 1);
    sink += local[0];
    return below + 1;
}

static u64 map(u64 size, u64 protection) { return (u64)call(9, 0, size, protection, 0x22, (u64)-1, 0); }

static void fault(const char *what)
{
    static const unsigned char descriptor[10];
    FAULT("read-null", read_at(0))
    FAULT("write-null", write_at(8))
    FAULT("execute-null", jump_to(0))
    FAULT("read-first-64k", read_at(0xfff0))
    FAULT("read-unmapped", read_at(0x10000000000))
    FAULT("write-unmapped", write_at(0x10000000000))
    FAULT("execute-unmapped", jump_to(0x10000000000))
    FAULT("read-kernel-image", read_at(0xffffffff80000000))
    FAULT("write-kernel-image", write_at(0xffffffff80001000))
    FAULT("execute-kernel-image", jump_to(0xffffffff80001000))
    FAULT("read-direct-map", read_at(0xffff800000100000))
    FAULT("write-direct-map", write_at(0xffff800000100000))
    FAULT("read-kernel-stack", read_at(0xffffc00000000000))
    FAULT("read-last-page", read_at(0x7ffffffff000))
    FAULT("read-last-word", read_at(0xfffffffffffffff8))
    FAULT("read-non-canonical", read_at(0x800000000000))
    FAULT("write-non-canonical", write_at(0xffff7fffffffff00))
    FAULT("jump-non-canonical", jump_to(0x800000000000))
    FAULT("push-non-canonical", __asm__ volatile("mov %0, %%rsp; push %%rax" : : "r"(0x900000000000UL)))
    FAULT("write-text", write_at((u64)&_start))
    FAULT("write-constant", write_at((u64)constant_text))
    FAULT("execute-data", jump_to((u64)&data_word))
    FAULT("execute-stack", { volatile u64 code = data_word; jump_to((u64)&code); })
    FAULT("execute-mapping", { u64 page = map(PAGE, 3); *(u64 *)page = data_word; jump_to(page); })
    FAULT("write-read-only-mapping", write_at(map(PAGE, 1)))
    FAULT("read-inaccessible-mapping", read_at(map(PAGE, 0)))
    FAULT("read-after-munmap", { u64 page = map(PAGE, 3); write_at(page); call(11, page, PAGE, 0, 0, 0, 0); read_at(page); })
    FAULT("read-above-break", read_at((u64)call(12, 0, 0, 0, 0, 0, 0) + 64 * PAGE))
    FAULT("stack-overflow", sink += dive(0))
    FAULT("below-stack", read_at(0x7ffffffff000 - 8 * 1024 * 1024 - 8))
    FAULT("hlt", __asm__ volatile("hlt"))
    FAULT("cli", __asm__ volatile("cli"))
    FAULT("sti", __asm__ volatile("sti"))
    FAULT("in", __asm__ volatile("inb $0x64, %%al" : : : "rax"))
    FAULT("out", __asm__ volatile("outb %%al, $0xf4" : : "a"(1)))
    FAULT("insb", __asm__ volatile("insb" : : "d"(0x3f8), "D"(zeroed)))
    FAULT("lgdt", __asm__ volatile("lgdt %0" : : "m"(descriptor)))
    FAULT("lidt", __asm__ volatile("lidt %0" : : "m"(descriptor)))
    FAULT("ltr", __asm__ volatile("ltr %%ax" : : "a"(0x28)))
    FAULT("rdmsr", __asm__ volatile("rdmsr" : : "c"(0xc0000080) : "rax", "rdx"))
    FAULT("wrmsr", __asm__ volatile("wrmsr" : : "c"(0xc0000082), "a"(0), "d"(0)))
    FAULT("read-cr0", __asm__ volatile("mov %%cr0, %%rax" : : : "rax"))
    FAULT("write-cr3", __asm__ volatile("mov %0, %%cr3" : : "r"(0UL)))
    FAULT("write-cr4", __asm__ volatile("mov %0, %%cr4" : : "r"(0UL)))
    FAULT("write-dr7", __asm__ volatile("mov %0, %%dr7" : : "r"(0UL)))
    FAULT("clts", __asm__ volatile("clts"))
    FAULT("invlpg", __asm__ volatile("invlpg (%0)" : : "r"(zeroed)))
    FAULT("invd", __asm__ volatile("invd"))
    FAULT("swapgs", __asm__ volatile("swapgs"))
    FAULT("sysret", __asm__ volatile("sysretq"))
    FAULT("iret-to-kernel", __asm__ volatile("push $0x10; push %%rsp; pushfq; push $8; push $0x401000; iretq" : : : "memory"))
    FAULT("far-return-to-kernel", __asm__ volatile("push $8; push $0x401000; lretq" : : : "memory"))
    FAULT("load-kernel-segment", __asm__ volatile("mov %%ax, %%ss" : : "a"(0x10)))
    FAULT("divide", __asm__ volatile("xor %%edx, %%edx; xor %%ecx, %%ecx; mov $1, %%eax; div %%ecx" : : : "rax", "rcx", "rdx"))
    FAULT("divide-overflow", __asm__ volatile("cqto; idivq %1" : : "a"(1UL << 63), "r"(-1L) : "rdx"))
    FAULT("breakpoint", __asm__ volatile("int3"))
    FAULT("int-breakpoint", __asm__ volatile(".byte 0xcd, 3"))
    FAULT("int-debug", __asm__ volatile(".byte 0xcd, 1"))
    FAULT("icebp", __asm__ volatile(".byte 0xf1"))
    FAULT("int-overflow", __asm__ volatile(".byte 0xcd, 4"))
    FAULT("int-double-fault", __asm__ volatile("int $8"))
    FAULT("int-page-fault", __asm__ volatile("int $14"))
    FAULT("int-timer", __asm__ volatile("int $0x20"))
    FAULT("int-last", __asm__ volatile("int $0xff"))
    FAULT("invalid-opcode", __asm__ volatile("ud2"))
    FAULT("single-step", __asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq; nop; nop" : : : "memory", "cc"))
    FAULT("single-step-into-call", __asm__ volatile("mov $39, %%eax; pushfq; orq $0x100, (%%rsp); popfq; syscall; nop" : : : "memory", "cc", "rax", "rcx", "r11"))
    say("probe: no such fault\n");
    finish(3);
}

static void calls(void)
{
    u64 page = map(2 * PAGE, 3), brk0 = (u64)call(12, 0, 0, 0, 0, 0, 0);
    call(11, page + PAGE, PAGE, 0, 0, 0, 0);             /* a hole behind the first page */
    report("number 5000", call(5000, 1, 2, 3, 4, 5, 6));
    report("number -1", call(-1, 1, 2, 3, 4, 5, 6));
    report("number 2^32+1", call((1L << 32) + 600, 1, 0, 0, 0, 0, 0));
    report("getpid is positive", call(39, 0, 0, 0, 0, 0, 0) > 0);
    report("write descriptor 77", call(1, 77, page, 1, 0, 0, 0));
    report("write descriptor -1", call(1, (u64)-1, page, 1, 0, 0, 0));
    report("write of nothing", call(1, 1, page, 0, 0, 0, 0));
    report("write from null", call(1, 1, 0, 5, 0, 0, 0));
    report("write from a hole", call(1, 1, page + PAGE, 5, 0, 0, 0));
    report("write from kernel image", call(1, 1, 0xffffffff80000000, 5, 0, 0, 0));
    report("write from direct map", call(1, 1, 0xffff800000100000, 5, 0, 0, 0));
    report("write from non-canonical", call(1, 1, 0x800000000000, 5, 0, 0, 0));
    report("write around the top", call(1, 1, 0xfffffffffffffff0, 0x20, 0, 0, 0));
    report("write from last page", call(1, 1, 0x7ffffffff000, 5, 0, 0, 0));
    report("read descriptor 77", call(0, 77, page, 1, 0, 0, 0));
    report("read of nothing", call(0, 0, page, 0, 0, 0, 0));
    report("uname", call(63, page, 0, 0, 0, 0, 0));
    report("uname name is there", *(char *)page != 0 && *(char *)(page + 130) != 0);
    report("uname machine", is_equal((char *)page + 4 * 65, "x86_64"));
    report("uname to null", call(63, 0, 0, 0, 0, 0, 0));
    report("uname to kernel", call(63, 0xffffffff80000000, 0, 0, 0, 0, 0));
    report("uname to read-only", call(63, (u64)constant_text, 0, 0, 0, 0, 0));
    report("uname across a hole", call(63, page + PAGE - 100, 0, 0, 0, 0, 0));
    report("uname to non-canonical", call(63, 0x800000000000, 0, 0, 0, 0, 0));
    report("mmap of nothing", call(9, 0, 0, 3, 0x22, (u64)-1, 0));
    report("mmap of 2^46", call(9, 0, 1UL << 46, 3, 0x22, (u64)-1, 0));
    report("mmap of 2^47", call(9, 0, 1UL << 47, 3, 0x22, (u64)-1, 0));
    report("mmap of 2^64-1", call(9, 0, ~0UL, 3, 0x22, (u64)-1, 0));
    report("mmap neither shared nor private", call(9, 0, PAGE, 3, 0x20, (u64)-1, 0));
    report("mmap with an odd offset", call(9, 0, PAGE, 3, 0x22, (u64)-1, 1));
    report("munmap of nothing", call(11, page, 0, 0, 0, 0, 0));
    report("munmap inside a page", call(11, page + 1, PAGE, 0, 0, 0, 0));
    report("munmap of the kernel", call(11, 0xffff800000000000, PAGE, 0, 0, 0, 0));
    report("munmap around the top", call(11, 0xfffffffffffff000, 2 * PAGE, 0, 0, 0, 0));
    report("munmap of 2^64-1", call(11, page, ~0UL, 0, 0, 0, 0));
    report("munmap of a hole", call(11, page + PAGE, PAGE, 0, 0, 0, 0));
    report("munmap", call(11, page, PAGE, 0, 0, 0, 0));
    report("munmap again", call(11, page, PAGE, 0, 0, 0, 0));
    report("brk below the start stays", (u64)call(12, 0x1000, 0, 0, 0, 0, 0) == brk0);
    report("brk of 2^64-1 stays", (u64)call(12, ~0UL, 0, 0, 0, 0, 0) == brk0);
    report("brk into the kernel stays", (u64)call(12, 0xffff800000000000, 0, 0, 0, 0, 0) == brk0);
    report("brk of 2^46 stays", (u64)call(12, 1UL << 46, 0, 0, 0, 0, 0) == brk0);
    report("brk grows", (u64)call(12, brk0 + 100, 0, 0, 0, 0, 0) == brk0 + 100);
    *(volatile char *)(brk0 + 50) = 1;
    report("brk shrinks", (u64)call(12, brk0, 0, 0, 0, 0, 0) == brk0);
}

static void own(void)
{
    report("mmap writable and executable", call(9, 0, PAGE, 7, 0x22, (u64)-1, 0));
    report("mmap of a file", call(9, 0, PAGE, 3, 2, 1, 0));
    report("mmap fixed", call(9, 0x10000000000, PAGE, 3, 0x32, (u64)-1, 0));
    report("mmap shared", call(9, 0, PAGE, 3, 0x21, (u64)-1, 0));
    report("mmap of 1 TiB", call(9, 0, 1UL << 40, 3, 0x22, (u64)-1, 0));
    report("mmap of 1 TiB without access", call(9, 0, 1UL << 40, 0, 0x4022, (u64)-1, 0) > 0);
    report("reboot without magic", call(169, 0, 0, 0x4321fedc, 0, 0, 0));
    report("reboot with half of it", call(169, 0xfee1dead, 0, 0x4321fedc, 0, 0, 0));
    report("reboot with an unknown command", call(169, 0xfee1dead, 672274793, 12345, 0, 0, 0));
    report("number 2^63", call((i64)(1UL << 63), 0, 0, 0, 0, 0, 0));
    report("open", call(2, (u64)"/bin/hello", 0, 0, 0, 0, 0));
    report("fork", call(57, 0, 0, 0, 0, 0, 0));
    report("int 0x80 getpid", interrupt_call(39, 0, 0, 0) == call(39, 0, 0, 0, 0, 0, 0));
    report("int 0x80 number 5000", interrupt_call(5000, 0, 0, 0));
    report("int 0x80 write from null", interrupt_call(1, 1, 0, 5));
    report("int 0x80 write", interrupt_call(1, 1, (u64)"by the interrupt\n", 17));
}

/* Fills all registers with patterns, makes a call, and counts those that changed. `wanted` and `found` are 15 words:
   rax rbx rcx rdx rsi rdi rbp r8 … r15. */
static __attribute__((used)) volatile u64 wanted[15], found[15], flags_found;
static __attribute__((used, aligned(16))) volatile u64 vectors[4];

#define ENTER(instruction, flags) __asm__ volatile( \
    "push %%rbx; push %%rbp; push %%r12; push %%r13; push %%r14; push %%r15\n" \
    "lea wanted(%%rip), %%rax\n movdqa vectors(%%rip), %%xmm7\n" \
    "mov 8(%%rax), %%rbx; mov 16(%%rax), %%rcx; mov 24(%%rax), %%rdx; mov 32(%%rax), %%rsi; mov 40(%%rax), %%rdi\n" \
    "mov 48(%%rax), %%rbp; mov 56(%%rax), %%r8; mov 64(%%rax), %%r9; mov 72(%%rax), %%r10; mov 80(%%rax), %%r11\n" \
    "mov 88(%%rax), %%r12; mov 96(%%rax), %%r13; mov 104(%%rax), %%r14; mov 112(%%rax), %%r15\n" \
    "pushfq; orq $" flags ", (%%rsp); popfq\n" \
    "mov $39, %%eax\n" instruction "\n" \
    "mov %%rax, found(%%rip); mov %%rbx, 8+found(%%rip); mov %%rcx, 16+found(%%rip); mov %%rdx, 24+found(%%rip)\n" \
    "mov %%rsi, 32+found(%%rip); mov %%rdi, 40+found(%%rip); mov %%rbp, 48+found(%%rip); mov %%r8, 56+found(%%rip)\n" \
    "mov %%r9, 64+found(%%rip); mov %%r10, 72+found(%%rip); mov %%r11, 80+found(%%rip); mov %%r12, 88+found(%%rip)\n" \
    "mov %%r13, 96+found(%%rip); mov %%r14, 104+found(%%rip); mov %%r15, 112+found(%%rip)\n" \
    "pushfq; pop flags_found(%%rip); pushfq; andq $~0x44400, (%%rsp); popfq\n movdqa %%xmm7, 16+vectors(%%rip)\n" \
    "pop %%r15; pop %%r14; pop %%r13; pop %%r12; pop %%rbp; pop %%rbx\n" \
    : : : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "xmm7", "memory", "cc")

static void compare_registers(const char *label, int is_interrupt, u64 flags)
{
    static const char *const names[] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11",
                                        "r12", "r13", "r14", "r15"};
    int changed = 0;
    for (int index = 1; index < 15; index++) {
        if (!is_interrupt && (index == 2 || index == 10)) continue;      /* rcx and r11 are the instruction's */
        if (wanted[index] != found[index]) { changed++; report(names[index], (i64)found[index]); }
    }
    if ((flags_found & 0x44400) != flags) { changed++; report("flags", (i64)flags_found); }
    if (vectors[0] != vectors[2] || vectors[1] != vectors[3]) { changed++; say("xmm7 changed\n"); }
    if (!is_interrupt && found[10] >> 32) { changed++; report("r11", (i64)found[10]); }
    report(label, changed);
}

static void registers(void)
{
    for (int index = 0; index < 15; index++) wanted[index] = 0x0123456789abcdefUL * (2 * index + 1);
    vectors[0] = 0x1122334455667788; vectors[1] = ~0UL; vectors[2] = vectors[3] = 0;
    wanted[2] = 0x800000000000;                           /* no address: nothing may be jumped to through it */
    ENTER("syscall", "0"); compare_registers("changed by syscall", 0, 0);
    ENTER("int $0x80", "0"); compare_registers("changed by int 0x80", 1, 0);
    ENTER("syscall", "0x4400"); compare_registers("changed by syscall with odd flags", 0, 0x4400);
    ENTER("int $0x80", "0x4400"); compare_registers("changed by int 0x80 with odd flags", 1, 0x4400);
}

static void stack(void)
{
    /* One page at a time downwards, then far below at once; everything is zero when it comes. */
    volatile u64 here = 0;
    u64 top = ((u64)&here & ~(PAGE - 1)) - PAGE, lost = 0;
    __asm__ volatile("std");
    for (u64 page = top; page > top - 64 * PAGE; page -= PAGE) lost += *(volatile u64 *)page != 0, *(volatile u64 *)page = page;
    __asm__ volatile("cld");
    u64 lowest = 0x7ffffffff000 - 8 * 1024 * 1024;
    lost += *(volatile u64 *)lowest != 0;
    *(volatile u64 *)lowest = 7;
    for (u64 page = top; page > top - 64 * PAGE; page -= PAGE) lost += *(volatile u64 *)page != page;
    report("words lost", (i64)lost);
}

static void memory(void)
{
    u64 lost = 0, a = map(64 * PAGE, 3), b = map(PAGE, 3);
    report("mappings are pages", (a | b) % PAGE == 0);
    for (u64 place = a; place < a + 64 * PAGE; place += 8) lost += *(u64 *)place != 0, *(u64 *)place = place;
    call(11, a + 16 * PAGE, 16 * PAGE, 0, 0, 0, 0);
    for (u64 place = a; place < a + 16 * PAGE; place += 8) lost += *(u64 *)place != place;
    for (u64 place = a + 32 * PAGE; place < a + 64 * PAGE; place += 8) lost += *(u64 *)place != place;
    u64 c = (u64)call(9, a + 16 * PAGE, 16 * PAGE, 3, 0x22, (u64)-1, 0);
    report("a hole is filled at the hint", c == a + 16 * PAGE);
    for (u64 place = c; place < c + 16 * PAGE; place += 8) lost += *(u64 *)place != 0;
    u64 start = (u64)call(12, 0, 0, 0, 0, 0, 0);
    for (u64 size = 1; size < 40 * PAGE; size += 3000) {
        call(12, start + size, 0, 0, 0, 0, 0);
        *(volatile char *)(start + size - 1) = 1;
    }
    call(12, start, 0, 0, 0, 0, 0);
    call(12, start + 40 * PAGE, 0, 0, 0, 0, 0);
    for (u64 place = start; place < start + 40 * PAGE; place++) lost += *(char *)place != 0;
    for (u64 place = 0; place < sizeof zeroed; place++) lost += zeroed[place] != 0;
    report("words lost", (i64)lost);
    i64 count = 0;
    while (call(9, 0, 1 << 20, 3, 0x22, (u64)-1, 0) > 0 && count < 100000) count++;
    report("memory ends", count > 10 && count < 100000);
    report("mmap then", call(9, 0, 1 << 20, 3, 0x22, (u64)-1, 0));
    report("brk then stays", (u64)call(12, start + (1UL << 30), 0, 0, 0, 0, 0) == start + 40 * PAGE);
}

static void read_input(void)
{
    static char line[5000];
    for (;;) {
        i64 count = call(0, 0, (u64)line, 4, 0, 0, 0);
        if (count <= 0) { report("read", count); return; }
        call(1, 1, (u64)"[", 1, 0, 0, 0); call(1, 1, (u64)line, count, 0, 0, 0); call(1, 1, (u64)"]", 1, 0, 0, 0);
    }
}

static void leak_candidate(void)
{
    for (u64 place = map(32 * PAGE, 3), end = place + 32 * PAGE; place < end; place += PAGE) *(volatile u64 *)place = 1;
    call(12, (u64)call(12, 0, 0, 0, 0, 0, 0) + 16 * PAGE, 0, 0, 0, 0, 0);
    volatile char deep[16 * PAGE];
    for (u64 place = 0; place < sizeof deep; place += PAGE) deep[place] = 1;
    write_at(0x10000000000);
}

__attribute__((used)) static void begin(u64 *words)
{
    char **arguments = (char **)(words + 1);
    const char *what = words[0] > 1 ? arguments[1] : "";
    if (is_equal(what, "fault")) fault(arguments[2]);
    else if (is_equal(what, "calls")) calls();
    else if (is_equal(what, "own")) own();
    else if (is_equal(what, "registers")) registers();
    else if (is_equal(what, "stack")) stack();
    else if (is_equal(what, "memory")) memory();
    else if (is_equal(what, "leak")) leak_candidate();
    else if (is_equal(what, "spin")) for (;;) { }
    else if (is_equal(what, "read")) read_input();
    else if (is_equal(what, "status")) call(60, parse(arguments[2]), 0, 0, 0, 0, 0);
    else if (!is_equal(what, "silent")) { say("probe: what?\n"); finish(2); }
    finish(0);
}

__asm__(".globl _start\n_start: mov %rsp, %rdi\n xor %ebp, %ebp\n and $-16, %rsp\n call begin\n ud2\n");
