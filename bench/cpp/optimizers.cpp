// A step of each optimizer over the weights of 784-512-10: GB/s of what is read and written.
#include "bench.h"
#include "fastnn/ops/adagrad.h"
#include "fastnn/ops/adam.h"
#include "fastnn/ops/rmsprop.h"
#include "fastnn/ops/sgd.h"

namespace fastnn::bench {
namespace {

/// `slots`: arrays that the optimizer keeps for each weight.
template <class F>
void optimizer(const std::string& name, int slots, F update) {
  add(name, [=](auto zero, int threads, benchmark::State& state) {
    using T = decltype(zero);
    std::vector<std::unique_ptr<Ones<T>>> memory;
    const auto ones = [&](const Dims& shape) {
      return memory.emplace_back(std::make_unique<Ones<T>>(shape))->view;
    };
    std::vector<Parameter<T>> parameters;
    double elements = 0;
    for (const Dims& shape : {Dims{784, 512}, Dims{512}, Dims{512, 10}, Dims{10}}) {
      Parameter<T> p{ones(shape), ones(shape), {}};
      for (int k = 0; k < slots; ++k) p.slots[static_cast<std::size_t>(k)] = ones(shape);
      elements += static_cast<double>(p.w.size());
      parameters.push_back(p);
    }
    for (auto _ : state) update(parameters);
    count_bytes(state, (3 + 2 * slots) * sizeof(T) * elements, threads);
  });
}

void register_all() {
  optimizer("sgd", 0, [](const auto& parameters) { sgd_update(parameters, Sgd{}); });
  optimizer("sgd_momentum", 1, [](const auto& parameters) { sgd_update(parameters, Sgd{0.01, 0.9}); });
  optimizer("rmsprop", 1, [](const auto& parameters) { rmsprop_update(parameters, Rmsprop{}); });
  optimizer("adagrad", 1, [](const auto& parameters) { adagrad_update(parameters, Adagrad{}); });
  optimizer("adam", 2, [](const auto& parameters) { adam_update(parameters, fastnn::Adam{}); });
  optimizer("amsgrad", 3, [](const auto& parameters) {
    fastnn::Adam options;
    options.amsgrad = true;
    adam_update(parameters, options);
  });
}

}  // namespace
}  // namespace fastnn::bench

int main(int argc, char** argv) {
  fastnn::bench::register_all();
  return fastnn::bench::run_all(argc, argv);
}
