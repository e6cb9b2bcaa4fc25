// The threads behind parallel_for.
#pragma once

#include "fastnn/core/view.h"

namespace fastnn::detail {

using Block = void (*)(void* body, Index block);

/// Runs call(body, i) for all i < blocks on the calling thread and up to `helpers` others; returns false,
/// having done nothing, where the team is at work for another caller.
///
/// OpenMP's threads do the work, but not by OpenMP's regions: a region ends only after the last thread of it
/// has been scheduled, so that on a busy machine every call waits for its turn there. Here helpers that come
/// late find nothing to do, and the caller waits only for blocks that somebody has begun.
bool run_in_team(int helpers, Index blocks, Block call, void* body);

}  // namespace fastnn::detail
