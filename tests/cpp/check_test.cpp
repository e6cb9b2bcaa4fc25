#include "fastnn/core/check.h"

#include <gtest/gtest.h>

#include <limits>

#include "fastnn/core/shape.h"

namespace fastnn {
namespace {

template <class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Check, SaysOpRuleAndWhatCame) {
  EXPECT_EQ(message_of([] { check(false, "dense", "x must be good; received ", Dims{2, 3}); }),
            "[dense] x must be good; received (2, 3)");
  EXPECT_EQ(message_of([] { check(true, "dense", "nothing"); }), "");
  EXPECT_EQ(message_of([] { check_shape("add", "y", {5}, {}); }), "[add] y.shape must be (); received (5,)");
}

TEST(Check, SizesThatOverflowAreRefused) {
  constexpr Index half = Index{1} << 32;
  EXPECT_EQ(checked_size("f", {3, 4}, 8), 12);
  EXPECT_EQ(checked_size("f", {}, 8), 1);
  EXPECT_EQ(checked_size("f", {3, 0}, 8), 0);
  EXPECT_THROW(checked_size("f", {half, half}, 4), std::invalid_argument);
  EXPECT_THROW(checked_size("f", {std::numeric_limits<Index>::max()}, 4), std::invalid_argument);
  EXPECT_THROW(checked_size("f", {0, half, half}, 4), std::invalid_argument);
  EXPECT_THROW(checked_size("f", {2, -1}, 4), std::invalid_argument);
}

TEST(Check, AxesCountFromEitherEnd) {
  EXPECT_EQ(checked_axis("f", -1, 3), 2);
  EXPECT_EQ(checked_axis("f", 0, 3), 0);
  EXPECT_THROW(checked_axis("f", 3, 3), std::invalid_argument);
  EXPECT_THROW(checked_axis("f", -4, 3), std::invalid_argument);
  EXPECT_THROW(checked_axis("f", 0, 0), std::invalid_argument);
}

TEST(Shape, Broadcasts) {
  EXPECT_EQ(broadcast_shape("f", {5, 1, 3}, {4, 1}), (Dims{5, 4, 3}));
  EXPECT_EQ(broadcast_shape("f", {}, {2}), (Dims{2}));
  EXPECT_EQ(broadcast_shape("f", {1}, {0}), (Dims{0}));
  EXPECT_THROW(broadcast_shape("f", {2}, {3}), std::invalid_argument);
  EXPECT_THROW(broadcast_shape("f", {2}, {0}), std::invalid_argument);
}

TEST(Shape, CollapsesWhatIsWalkedInOneStep) {
  Dims shape{2, 1, 3, 4};
  Dims strides[] = {{12, 99, 4, 1}, {0, 7, 4, 1}};
  collapse(shape, strides, 2);
  EXPECT_EQ(shape, (Dims{2, 12}));
  EXPECT_EQ(strides[0], (Dims{12, 1}));
  EXPECT_EQ(strides[1], (Dims{0, 1}));
  Dims ones{1, 1};
  Dims of_ones[] = {{5, 5}};
  collapse(ones, of_ones, 1);
  EXPECT_EQ(ones, Dims());
}

}  // namespace
}  // namespace fastnn
