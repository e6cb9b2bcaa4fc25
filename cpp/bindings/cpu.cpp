// The best CPU level that this processor and operating system can run.
#include <pybind11/pybind11.h>

PYBIND11_MODULE(_cpu, m) {
  m.doc() = "Tells which CPU level this machine can run.";
  m.def(
      "level",
      [] {
#if defined(__x86_64__)
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512vl")) {
          return "v4";
        }
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
            __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
          return "v3";
        }
        return __builtin_cpu_supports("sse4.2") ? "v2" : "v1";
#else
        return "base";
#endif
      },
      "The processor's x86-64 level, 'v1' to 'v4', or 'base' on other processors.");
}
