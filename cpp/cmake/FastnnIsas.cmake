# The CPU levels that this processor family knows, and their compiler flags.
# FASTNN_ISAS_HERE: the levels, best last. FASTNN_ISA_FLAGS_<level>: the flags.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(FASTNN_ISAS_HERE v2 v3 v4)
  set(FASTNN_ISA_FLAGS_v2 -march=x86-64-v2 -mtune=generic)
  set(FASTNN_ISA_FLAGS_v3 -march=x86-64-v3 -mtune=generic)
  # Compilers hold back from 512-bit vectors unless told.
  set(FASTNN_ISA_FLAGS_v4 -march=x86-64-v4 -mtune=generic -mprefer-vector-width=512)
else()
  set(FASTNN_ISAS_HERE base)
  set(FASTNN_ISA_FLAGS_base "")
endif()
