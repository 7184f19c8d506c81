// Entry and system calls on x86-64.
#include "program.h"

static const short numbers[] = {
    [HB_READ] = 0,     [HB_WRITE] = 1,  [HB_CLOSE] = 3,    [HB_LSEEK] = 8,    [HB_MMAP] = 9,
    [HB_OPENAT] = 257, [HB_FSYNC] = 74, [HB_RENAME] = 264, [HB_UNLINK] = 263, [HB_EXIT] = 231};

long hb_system(enum hb_call_name name, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"((long)numbers[name]), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

// The stack pointer's value is where the number of arguments, then they, stand.
__attribute__((naked, noreturn, visibility("default"))) void _start(void) {
  __asm__("xorl %%ebp, %%ebp\n\tmovq %%rsp, %%rdi\n\tandq $-16, %%rsp\n\tcall %P0\n\thlt" ::"i"(hb_begin));
}
