#include "fastnn/ops/recurrent.h"

#include "fastnn/core/check.h"

namespace fastnn {

template <class T>
RecurrentShapes recurrent_shapes(const char* op, const RecurrentInputs<T>& of, Index gates, Index width,
                                 Index rows_of_bias, bool carries) {
  const Dims &x = of.x.shape, &kernel = of.kernel.shape, &recurrent = of.recurrent_kernel.shape;
  check(x.size() == 3, op, "x must have three dimensions (batch, time, features); received shape ", x);
  check(x[1] > 0, op, "x must have at least one step; received shape ", x);
  check(x[2] > 0, op, "x must have at least one feature; received shape ", x);
  check(recurrent.size() == 2 && recurrent[0] > 0 && recurrent[1] == gates * recurrent[0], op,
        "recurrent_kernel must have shape (units, ", gates, " * units); received shape ", recurrent);
  const Index units = recurrent[0];
  check(kernel.size() == 2 && kernel[0] == x[2] && kernel[1] == gates * units, op,
        "kernel must have shape (features, ", gates, " * units), here ", Dims{x[2], gates * units},
        "; received x ", x, ", kernel ", kernel);
  if (of.bias.data != nullptr) {
    const Dims expected = rows_of_bias > 0 ? Dims{rows_of_bias, gates * units} : Dims{gates * units};
    check_shape(op, "bias", of.bias.shape, expected);
  }
  if (of.h.data != nullptr) check_shape(op, "h", of.h.shape, {x[0], units});
  if (of.c.data != nullptr) check_shape(op, "c", of.c.shape, {x[0], units});
  if (of.mask.data != nullptr) check_shape(op, "mask", of.mask.shape, {x[0], x[1]});
  RecurrentShapes shapes{x[0], x[1], x[2], units, {}, {}, {}, {}};
  const bool carry = of.state && carries;
  shapes.y =
      of.every || carry ? Dims{x[0], (of.every ? x[1] : 1) + (carry ? 1 : 0), units} : Dims{x[0], units};
  const Dims steps{x[0], x[1]};
  const Index ones = of.bias.data != nullptr;
  shapes.operands = {x[0], x[1], x[2] + ones + units};
  shapes.gates = {x[0], x[1], width * units};
  if (carries) shapes.cells = {x[0], x[1], units};
  checked_size(op, shapes.operands, sizeof(T));
  checked_size(op, shapes.gates, sizeof(T));
  return shapes;
}

template RecurrentShapes recurrent_shapes(const char*, const RecurrentInputs<float>&, Index, Index, Index,
                                          bool);
template RecurrentShapes recurrent_shapes(const char*, const RecurrentInputs<double>&, Index, Index, Index,
                                          bool);

}  // namespace fastnn
