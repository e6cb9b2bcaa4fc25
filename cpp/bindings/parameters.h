// Lists of arrays that an optimizer updates together.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "array.h"
#include "fastnn/core/check.h"
#include "fastnn/ops/parameter.h"

namespace fastnn::bindings {

/// Parameters of one model, sorted by type, with references that keep all arrays alive.
class Parameters {
 public:
  /// `slots`: lists as long as `params`, or None for a slot that is not in use.
  Parameters(const char* op, const py::list& params, const py::list& grads,
             std::initializer_list<py::handle> slots)
      : op_(op) {
    check(grads.size() == params.size(), op, "params and grads must be equally many; received ",
          params.size(), " and ", grads.size());
    for (const py::handle slot : slots) {
      if (!slot.is_none() && !py::isinstance<py::list>(slot)) {
        throw py::type_error(std::string("[") + op + "] slots must be a list of arrays or None");
      }
      check(slot.is_none() || py::len(slot) == params.size(), op, "there must be as many slots as params, ",
            params.size(), "; received ", slot.is_none() ? 0 : py::len(slot));
    }
    kept_.reserve(params.size() * (1 + slots.size()));
    gradients_.reserve(params.size());
    for (std::size_t i = 0; i < params.size(); ++i) {
      const InPlace w(op, "params", keep(params[i]));
      gradients_.emplace_back(op, "grads", grads[i], w.dtype());
      total_ += gradients_.back().size();
      if (w.dtype() == DType::float32) {
        add(floats_, w, slots, i, params.size());
      } else {
        add(doubles_, w, slots, i, params.size());
      }
    }
  }
  /// Calls update(parameters) for those of each type, without the GIL.
  template <class F>
  void update(F f) const {
    without_gil(total_, [&] {
      if (!floats_.empty()) f(floats_);
      if (!doubles_.empty()) f(doubles_);
    });
  }

 private:
  template <class T>
  void add(std::vector<Parameter<T>>& to, const InPlace& w, std::initializer_list<py::handle> slots,
           std::size_t i, std::size_t count) {
    to.reserve(count);
    Parameter<T>& parameter = to.emplace_back();
    parameter.w = w.view<T>();
    parameter.g = gradients_.back().view<T>();
    std::size_t k = 0;
    for (const py::handle slot : slots) {
      if (!slot.is_none()) {
        const InPlace array(op_, "slots", keep(py::reinterpret_borrow<py::list>(slot)[i]));
        if (array.dtype() != w.dtype()) {
          throw py::type_error(std::string("[") + op_ + "] slots must have the dtype of their parameter");
        }
        parameter.slots[k] = array.view<T>();
      }
      ++k;
    }
  }

  // Another thread may change the lists while the update runs.
  py::handle keep(py::object array) { return kept_.emplace_back(std::move(array)); }

  const char* op_;
  std::vector<py::object> kept_;
  std::vector<Input> gradients_;
  std::vector<Parameter<float>> floats_;
  std::vector<Parameter<double>> doubles_;
  Index total_ = 0;  // elements
};

}  // namespace fastnn::bindings
