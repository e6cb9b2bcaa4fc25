# Finds Eigen: the system's, or the one in the PyPI package cmeel-eigen of the Python at hand.
# Target: fastnn_eigen (headers only).
find_package(Eigen3 3.4 QUIET NO_MODULE)
if(TARGET Eigen3::Eigen)
  get_target_property(FASTNN_EIGEN_INCLUDE Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
else()
  find_package(Python COMPONENTS Interpreter QUIET)
  if(Python_FOUND)
    execute_process(
      COMMAND "${Python_EXECUTABLE}" -c
        "from importlib.metadata import distribution as d; print(d('cmeel-eigen').locate_file('cmeel.prefix'))"
      OUTPUT_VARIABLE cmeel_prefix OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    find_path(FASTNN_EIGEN_INCLUDE Eigen/Core PATHS "${cmeel_prefix}/include/eigen3" NO_DEFAULT_PATH)
  endif()
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(FastnnEigen REQUIRED_VARS FASTNN_EIGEN_INCLUDE
  REASON_FAILURE_MESSAGE "install Eigen 3.4 (Debian: libeigen3-dev) or `pip install cmeel-eigen`")
if(FastnnEigen_FOUND AND NOT TARGET fastnn_eigen)
  add_library(fastnn_eigen INTERFACE)
  target_include_directories(fastnn_eigen SYSTEM INTERFACE ${FASTNN_EIGEN_INCLUDE})
  # MPL2-licensed parts only; our own parallel_for is the one source of threads.
  target_compile_definitions(fastnn_eigen INTERFACE EIGEN_MPL2_ONLY EIGEN_DONT_PARALLELIZE)
endif()
