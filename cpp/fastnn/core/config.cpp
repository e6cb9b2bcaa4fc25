#include "fastnn/core/config.h"

#include <Eigen/Core>

#define FASTNN_TEXT_OF(x) #x
#define FASTNN_TEXT(x) FASTNN_TEXT_OF(x)

namespace fastnn {

const char* build_version() { return FASTNN_VERSION; }

const char* build_isa() { return FASTNN_ISA_NAME; }

const char* build_compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

const char* build_eigen() {
  return FASTNN_TEXT(EIGEN_WORLD_VERSION) "." FASTNN_TEXT(EIGEN_MAJOR_VERSION) "." FASTNN_TEXT(
      EIGEN_MINOR_VERSION);
}

bool build_sanitized() {
#if defined(__SANITIZE_ADDRESS__)
  return true;
#else
  return false;
#endif
}

}  // namespace fastnn
