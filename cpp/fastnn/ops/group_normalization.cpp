#include "fastnn/ops/group_normalization.h"

#include <cmath>
#include <optional>

#include "fastnn/core/check.h"
#include "fastnn/kernels/channels.h"
#include "fastnn/kernels/contiguous.h"

namespace fastnn {
namespace {

/// An array as the kernels see it, with its groups.
struct Layout : Channels {
  Layout(const char* op, const Dims& shape, const Grouping& grouping) : Channels{1, 1, 1, 1} {
    const int axis = checked_axis(op, grouping.axis, static_cast<int>(shape.size()));
    check(!grouping.by_sample || axis > 0, op,
          "axis must not be that of the samples where each is normalised by itself; received 0");
    for (int i = 0; i < shape.size(); ++i) (i < axis ? rows : i == axis ? channels : inner) *= shape[i];
    if (grouping.by_sample) {
      segments = shape[0];
      rows = 1;
      for (int i = 1; i < axis; ++i) rows *= shape[i];
    }
    groups = grouping.groups == 0 ? channels : grouping.groups;
    check(groups >= 1 || channels == 0, op, "groups must be positive; received ", groups);
    check(channels == 0 || channels % groups == 0, op,
          "groups must divide the number of channels; received groups=", groups, ", x ", shape);
    together = channels == 0 ? 0 : channels / groups;
  }
  Index groups, together;  // together: channels in a group
  Index group(Index segment, Index c) const { return segment * groups + c / together; }
};

/// A number for each channel of each segment.
template <class T>
class PerChannel {
 public:
  explicit PerChannel(const Layout& x) : channels_(x.channels), values_(x.segments * x.channels) {}
  T& at(Index segment, Index c) { return values_[segment * channels_ + c]; }
  const T* of(const channels::Piece& p) { return values_.data() + p.segment * channels_ + p.c; }

 private:
  Index channels_;
  Buffer<T> values_;
};

/// f(segment, channel) for all.
template <class F>
void for_channels(const Layout& x, F f) {
  for (Index s = 0; s < x.segments; ++s) {
    for (Index c = 0; c < x.channels; ++c) f(s, c);
  }
}

/// scale or offset in one row; none is all `otherwise`.
template <class T>
class Line {
 public:
  Line(const char* op, const char* name, const View<const T>* given, const Layout& x, T otherwise)
      : otherwise_(otherwise) {
    if (given == nullptr) return;
    check_shape(op, name, given->shape, {x.channels});
    packed_.emplace(*given);
  }
  T operator[](Index c) const { return packed_ ? packed_->data()[c] : otherwise_; }

 private:
  T otherwise_;
  std::optional<InOrder<T>> packed_;
};

template <class T>
double inverse_deviation(T variance, double epsilon) {
  return 1 / std::sqrt(static_cast<double>(variance) + epsilon);
}

template <class T>
void statistics(const Layout& x, const T* data, T* mean, T* variance) {
  Buffer<double> means(channels::slots(x)), squares(channels::slots(x));
  channels::for_pieces(x, [&](const channels::Piece& p) {
    channels::moments(p, data, means.data() + p.slot, squares.data() + p.slot);
  });
  for (Index s = 0; s < x.segments; ++s) {
    for (Index first = 0; first < x.channels; first += x.together) {
      // Means and squares of what came before, merged with those of the next part (Chan et al.).
      double n = 0, centre = 0, square = 0;
      for (Index c = first; c < first + x.together; ++c) {
        channels::for_slots(x, s, c, [&](Index slot, Index count) {
          const auto more = static_cast<double>(count);
          const double difference = means[slot] - centre, all = n + more;
          square += squares[slot] + difference * difference * (n / all * more);
          centre += difference * (more / all);
          n = all;
        });
      }
      const Index group = x.group(s, first);
      mean[group] = static_cast<T>(n == 0 ? NAN : centre);
      variance[group] = static_cast<T>(n == 0 ? NAN : square / n);
    }
  }
}

template <class T>
void apply(const Layout& x, const T* data, const T* mean, const T* variance, const Line<T>& scale,
           const Line<T>& offset, double epsilon, T* y) {
  PerChannel<T> centre(x), factor(x), shift(x);
  for_channels(x, [&](Index s, Index c) {
    const Index group = x.group(s, c);
    centre.at(s, c) = mean[group];
    factor.at(s, c) =
        static_cast<T>(inverse_deviation(variance[group], epsilon) * static_cast<double>(scale[c]));
    shift.at(s, c) = offset[c];
  });
  channels::for_pieces(x, [&](const channels::Piece& p) {
    channels::scale(p, data, centre.of(p), factor.of(p), shift.of(p), y);
  });
}

}  // namespace

Dims group_shape(const char* op, const Dims& x, const Grouping& grouping) {
  const Layout layout(op, x, grouping);
  return grouping.by_sample ? Dims{layout.segments, layout.groups} : Dims{layout.groups};
}

template <class T>
void group_normalization_forward(const char* op, const View<const T>& x, const Grouping& grouping,
                                 const View<const T>* scale, const View<const T>* offset, double epsilon,
                                 const View<T>& y, const View<T>& mean, const View<T>& variance) {
  const Layout layout(op, x.shape, grouping);
  const Line<T> factors(op, "scale", scale, layout, T{1}), shifts(op, "offset", offset, layout, T{0});
  const InOrder<T> packed(x);
  statistics(layout, packed.data(), mean.data, variance.data);
  apply(layout, packed.data(), mean.data, variance.data, factors, shifts, epsilon, y.data);
}

template <class T>
void group_normalization_apply(const char* op, const View<const T>& x, const Grouping& grouping,
                               const View<const T>& mean, const View<const T>& variance,
                               const View<const T>* scale, const View<const T>* offset, double epsilon,
                               const View<T>& y) {
  const Layout layout(op, x.shape, grouping);
  check_shape(op, "mean", mean.shape, group_shape(op, x.shape, grouping));
  check_shape(op, "variance", variance.shape, mean.shape);
  const Line<T> factors(op, "scale", scale, layout, T{1}), shifts(op, "offset", offset, layout, T{0});
  const InOrder<T> packed(x), means(mean), variances(variance);
  apply(layout, packed.data(), means.data(), variances.data(), factors, shifts, epsilon, y.data);
}

template <class T>
void group_normalization_backward(const char* op, const View<const T>& x, const View<const T>& dy,
                                  const Grouping& grouping, const View<const T>& mean,
                                  const View<const T>& variance, const View<const T>* scale, double epsilon,
                                  bool through, const View<T>* dx, const View<T>& dscale,
                                  const View<T>& doffset) {
  const Layout layout(op, x.shape, grouping);
  check_shape(op, "dy", dy.shape, x.shape);
  check_shape(op, "mean", mean.shape, group_shape(op, x.shape, grouping));
  check_shape(op, "variance", variance.shape, mean.shape);
  const Line<T> factors(op, "scale", scale, layout, T{1});
  const InOrder<T> packed(x), packed_dy(dy), means(mean), variances(variance);
  PerChannel<T> centre(layout), factor(layout), slope(layout), shift(layout);
  for_channels(layout, [&](Index s, Index c) { centre.at(s, c) = means.data()[layout.group(s, c)]; });

  Buffer<double> plain(channels::slots(layout)), with_x(channels::slots(layout));
  channels::for_pieces(layout, [&](const channels::Piece& p) {
    channels::sums(p, packed.data(), packed_dy.data(), centre.of(p), plain.data() + p.slot,
                   with_x.data() + p.slot);
  });
  Buffer<double> totals(2 * layout.channels);  // over the segments
  double *of_dy = totals.data(), *of_products = of_dy + layout.channels;
  std::fill_n(of_dy, 2 * layout.channels, 0.0);
  const double terms = static_cast<double>(layout.rows * layout.inner * layout.together);
  for (Index s = 0; s < layout.segments; ++s) {
    for (Index first = 0; first < layout.channels; first += layout.together) {
      const double inverse = inverse_deviation(variances.data()[layout.group(s, first)], epsilon);
      double mean_dy = 0, mean_product = 0;  // over the group, of the gradient before scale was applied
      for (Index c = first; c < first + layout.together; ++c) {
        double sum = 0, product = 0;
        channels::for_slots(layout, s, c, [&](Index slot, Index) {
          sum += plain[slot];
          product += with_x[slot];
        });
        product *= inverse;
        of_dy[c] += sum;
        of_products[c] += product;
        mean_dy += sum * static_cast<double>(factors[c]) / terms;
        mean_product += product * static_cast<double>(factors[c]) / terms;
      }
      for (Index c = first; c < first + layout.together; ++c) {
        factor.at(s, c) = static_cast<T>(inverse * static_cast<double>(factors[c]));
        slope.at(s, c) = through ? static_cast<T>(-inverse * inverse * mean_product) : T{0};
        shift.at(s, c) = through ? static_cast<T>(-inverse * mean_dy) : T{0};
      }
    }
  }
  for (Index c = 0; c < layout.channels; ++c) {
    doffset.data[c] = static_cast<T>(of_dy[c]);
    dscale.data[c] = static_cast<T>(of_products[c]);
  }
  if (dx == nullptr) return;
  channels::for_pieces(layout, [&](const channels::Piece& p) {
    channels::combine(p, packed.data(), packed_dy.data(), centre.of(p), factor.of(p), slope.of(p),
                      shift.of(p), dx->data);
  });
}

#define FASTNN_GROUP_NORMALIZATION(T)                                                                       \
  template void group_normalization_forward(const char*, const View<const T>&, const Grouping&,             \
                                            const View<const T>*, const View<const T>*, double,             \
                                            const View<T>&, const View<T>&, const View<T>&);                \
  template void group_normalization_apply(const char*, const View<const T>&, const Grouping&,               \
                                          const View<const T>&, const View<const T>&, const View<const T>*, \
                                          const View<const T>*, double, const View<T>&);                    \
  template void group_normalization_backward(const char*, const View<const T>&, const View<const T>&,       \
                                             const Grouping&, const View<const T>&, const View<const T>&,   \
                                             const View<const T>*, double, bool, const View<T>*,            \
                                             const View<T>&, const View<T>&);
FASTNN_GROUP_NORMALIZATION(float)
FASTNN_GROUP_NORMALIZATION(double)
#undef FASTNN_GROUP_NORMALIZATION

}  // namespace fastnn
