// How this library was built.
#pragma once

namespace fastnn {

const char* build_version();
/// The CPU level: "v2", "v3", "v4" or "base".
const char* build_isa();
const char* build_compiler();
const char* build_eigen();
bool build_sanitized();

}  // namespace fastnn
