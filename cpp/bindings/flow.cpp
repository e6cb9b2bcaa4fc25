// How gradients flow back: the walk over the nodes, the latest first, calling each one's rule once.
#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "array.h"
#include "node.h"
#include "tape.h"

namespace fastnn::bindings {
namespace {

/// What the walk leaves to Python (python/fastnn/autograd/flow.py): what is rare.
struct Hooks {
  py::object add;         // add(gradient, gradient)
  py::object on_tensors;  // on_tensors(node, dy): gradients and their sources; or None: rules run on arrays
  py::object refuse;      // refuse(node): raises for a node without sources or rule
  py::object changed;     // changed(node): raises if a saved value was changed in place since
};

class Walk {
 public:
  Walk(Hooks hooks, bool retain, long long floor, long long latest_change)
      : hooks_(std::move(hooks)), retain_(retain), floor_(floor), latest_change_(latest_change) {}

  /// Adds a gradient to what a node, or a leaf tensor, is still to be given.
  void give(PyObject* to, py::object gradient) {
    if (Py_TYPE(to) != node_type) {
      PyObject* before = PyDict_GetItemWithError(found_.ptr(), to);
      if (before != nullptr) gradient = hooks_.add(py::handle(before), gradient);
      if (PyDict_SetItem(found_.ptr(), to, gradient.ptr()) != 0) throw py::error_already_set();
      return;
    }
    auto [place, fresh] = pending_.try_emplace(to);
    if (fresh) {
      place->second = std::move(gradient);
      waiting_.emplace(as_node(to)->order, py::reinterpret_borrow<py::object>(to));
    } else {
      py::object sum = hooks_.add(place->second, gradient);
      pending_[to] = std::move(sum);  // adding may have run other Python code, but not this walk
    }
  }

  py::dict run() {
    while (!waiting_.empty()) {
      // The latest node that waits has its whole gradient: whatever it goes into was recorded after it.
      const auto [order, node] = waiting_.top();
      waiting_.pop();
      auto taken = pending_.extract(node.ptr());
      pass(order, node.ptr(), std::move(taken.mapped()));
    }
    return std::move(found_);
  }

 private:
  using Waiting = std::pair<long long, py::object>;
  struct Later {
    bool operator()(const Waiting& a, const Waiting& b) const { return a.first > b.first; }
  };

  void pass(long long order, PyObject* node, py::object dy) {
    if (as_node(node)->asked) {
      found_[py::handle(node)] = dy;
      if (order >= floor_) return;
    }
    py::object sources = py::reinterpret_borrow<py::object>(as_node(node)->sources);
    if (!sources || sources.is_none()) hooks_.refuse(py::handle(node));
    if (order >= latest_change_) hooks_.changed(py::handle(node));
    py::object grads, onward;
    if (hooks_.on_tensors.is_none()) {
      py::object rule = rule_of(as_node(node)->op);
      if (rule.is_none()) hooks_.refuse(py::handle(node));
      PyObject* args[] = {nullptr, node, dy.ptr()};
      grads = checked(PyObject_Vectorcall(rule.ptr(), args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
      onward = py::reinterpret_borrow<py::object>(as_node(node)->sources);  // a rule may send them elsewhere
      leave(node, sources);
    } else {
      py::tuple both = hooks_.on_tensors(py::handle(node), dy);
      grads = both[0];
      onward = both[1];
    }
    if (!PyTuple_Check(onward.ptr())) throw py::type_error("the sources of a node must be a tuple");
    dy = py::object();  // its memory is free for what follows
    const bool several = PyTuple_Check(grads.ptr());
    const Py_ssize_t n =
        std::min(PyTuple_GET_SIZE(onward.ptr()), several ? PyTuple_GET_SIZE(grads.ptr()) : 1);
    for (Py_ssize_t i = 0; i < n; ++i) {
      PyObject* source = PyTuple_GET_ITEM(onward.ptr(), i);
      PyObject* grad = several ? PyTuple_GET_ITEM(grads.ptr(), i) : grads.ptr();
      if (source != Py_None && grad != Py_None) give(source, py::reinterpret_borrow<py::object>(grad));
    }
  }

  /// Frees what a node holds, or puts its sources back.
  void leave(PyObject* node, const py::object& sources) {
    PyObject* now = retain_ ? sources.ptr() : Py_None;
    Py_XSETREF(as_node(node)->sources, py::handle(now).inc_ref().ptr());
    if (!retain_) Py_CLEAR(as_node(node)->saved);
  }

  Hooks hooks_;
  bool retain_;
  long long floor_, latest_change_;
  py::dict found_;
  std::unordered_map<PyObject*, py::object> pending_;  // the nodes are kept by waiting_
  std::priority_queue<Waiting, std::vector<Waiting>, Later> waiting_;
};

/// Whether `grad` can be given out as the gradient of `leaf`: no view of something else, and of its type.
bool fits(PyObject* leaf, PyObject* grad) {
  const auto& numpy = py::detail::npy_api::get();
  if (Py_TYPE(grad) != numpy.PyArray_Type_) return false;
  const auto* proxy = py::detail::array_proxy(grad);
  if (proxy->base != nullptr && numpy.PyArray_Check_(proxy->base)) return false;
  return !is_tensor(leaf) || proxy->descr == py::detail::array_proxy(slot(leaf, tape.array))->descr;
}

/// Rules may return views, one array for two arguments, or the array that they were given: `own(leaf, grad)`
/// makes another of those.
void make_own(py::dict& found, const py::list& starts, const py::object& own) {
  std::unordered_set<PyObject*> taken;
  for (const py::handle start : starts)
    taken.insert(py::handle(py::tuple(py::reinterpret_borrow<py::object>(start))[1]).ptr());
  PyObject *leaf, *grad;
  Py_ssize_t position = 0;
  while (PyDict_Next(found.ptr(), &position, &leaf, &grad)) {
    if (!fits(leaf, grad) || !taken.insert(grad).second) {
      py::object another = own(py::handle(leaf), py::handle(grad));
      taken.insert(another.ptr());
      if (PyDict_SetItem(found.ptr(), leaf, another.ptr()) != 0)
        throw py::error_already_set();  // of a key that is there
    }
  }
}

py::dict flow(const py::list& starts, bool retain, long long floor, long long latest_change,
              const py::object& add, const py::object& on_tensors, const py::object& refuse,
              const py::object& changed, const py::object& own) {
  Walk walk({add, on_tensors, refuse, changed}, retain, floor, latest_change);
  for (const py::handle start : starts) {
    const auto pair = py::reinterpret_borrow<py::tuple>(start);
    const py::object tensor = pair[0];
    PyObject* node = slot(tensor.ptr(), tape.made_by);
    walk.give(node == Py_None ? tensor.ptr() : node, pair[1]);
  }
  py::dict found = walk.run();
  if (!own.is_none()) make_own(found, starts, own);
  return found;
}

}  // namespace

void register_flow(py::module_& m) { m.def("flow", &flow); }

}  // namespace fastnn::bindings
