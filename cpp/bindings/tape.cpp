// What the tape does at every call of an op: tensors become arrays, the op's forward function runs, and where
// a gradient is wanted a node remembers where the inputs came from. Python's own bytecode for this took
// longer than a small op.
#include "tape.h"

#include <Python.h>
#include <structmember.h>

#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "array.h"
#include "direct.h"
#include "node.h"

namespace fastnn::bindings {

Tape tape;

namespace {

constexpr Py_ssize_t kFew = 12;  // arguments of a call that needs no memory of its own

thread_local bool recording = true;

Py_ssize_t place_of(py::handle type, const char* name) {
  const py::object member = type.attr(name);
  if (Py_TYPE(member.ptr()) != &PyMemberDescr_Type) throw py::type_error("a class of the tape needs slots");
  return reinterpret_cast<PyMemberDescrObject*>(member.ptr())->d_member->offset;
}

void set_tensor_class(const py::type& tensor) {
  tape.array = place_of(tensor, "_array");
  tape.requires_grad = place_of(tensor, "requires_grad");
  tape.grad = place_of(tensor, "grad");
  tape.made_by = place_of(tensor, "_node");
  tape.tensor = reinterpret_cast<PyTypeObject*>(py::object(tensor).release().ptr());
}

/// A slot that __init__ has filled.
PyObject* filled(PyObject* object, Py_ssize_t offset) {
  PyObject* value = slot(object, offset);
  if (value == nullptr) throw py::attribute_error("this tensor has not been initialised");
  return value;
}

bool wants_gradient(PyObject* tensor) {
  const int wants = PyObject_IsTrue(filled(tensor, tape.requires_grad));
  if (wants < 0) throw py::error_already_set();
  return wants == 1;
}

/// The node of a call of `op` with `args`.
py::object node_of(PyObject* op, PyObject* const* args, Py_ssize_t n) {
  bool few[kFew] = {};
  std::unique_ptr<bool[]> many(n > kFew ? new bool[static_cast<std::size_t>(n)]() : nullptr);
  bool* wanted = many ? many.get() : few;
  py::object sources = checked(PyTuple_New(n));
  for (Py_ssize_t i = 0; i < n; ++i) {
    wanted[i] = is_tensor(args[i]) && wants_gradient(args[i]);
    PyObject* source = wanted[i] ? filled(args[i], tape.made_by) : Py_None;
    if (wanted[i] && source == Py_None) source = args[i];  // a leaf
    PyTuple_SET_ITEM(sources.ptr(), i, py::handle(source).inc_ref().ptr());
  }
  return new_node(op, std::move(sources), n, wanted);
}

/// Gives different arguments that share one array, such as x and x.detach(), a view each: what is saved of
/// them has to tell where it came from. Returns what keeps the views alive.
std::vector<py::object> tell_apart(PyObject* const* args, PyObject** values, Py_ssize_t n) {
  std::vector<py::object> views;
  const auto separate = [&](Py_ssize_t i) {
    views.push_back(checked(PyObject_GetItem(values[i], Py_Ellipsis)));
    values[i] = views.back().ptr();
  };
  const auto differ = [&](Py_ssize_t i, Py_ssize_t j) {
    return args[i] != args[j] && py::detail::npy_api::get().PyArray_Check_(values[i]);
  };
  if (n <= kFew) {
    for (Py_ssize_t i = 1; i < n; ++i) {
      for (Py_ssize_t j = 0; j < i; ++j) {
        if (values[i] == values[j] && differ(i, j)) separate(i);
      }
    }
    return views;
  }
  std::unordered_map<PyObject*, Py_ssize_t> first;
  for (Py_ssize_t i = 0; i < n; ++i) {
    const auto [found, added] = first.emplace(values[i], i);
    if (!added && differ(i, found->second)) separate(i);
  }
  return views;
}

}  // namespace

py::object new_tensor(py::object array, bool requires_grad, py::object node) {
  const auto& numpy = py::detail::npy_api::get();
  if (Py_TYPE(array.ptr()) != numpy.PyArray_Type_) {
    array = checked(numpy.PyArray_FromAny_(array.ptr(), nullptr, 0, 0, 0, nullptr));
  }
  py::object tensor = checked(tape.tensor->tp_alloc(tape.tensor, 0));
  slot(tensor.ptr(), tape.array) = array.release().ptr();
  slot(tensor.ptr(), tape.requires_grad) = py::bool_(requires_grad).release().ptr();
  slot(tensor.ptr(), tape.grad) = py::none().release().ptr();
  slot(tensor.ptr(), tape.made_by) = node.release().ptr();
  return tensor;
}

py::object record(PyObject* op, PyObject* forward, PyObject* const* args, Py_ssize_t n) {
  PyObject* few[kFew + 2];
  std::vector<PyObject*> many;
  PyObject** room = few;
  if (n > kFew) {
    many.resize(static_cast<std::size_t>(n) + 2);
    room = many.data();
  }
  PyObject** values = room + 1;  // one free place in front: what vectorcall asks for
  bool any = false, wanted = false;
  for (Py_ssize_t i = 0; i < n; ++i) {
    PyObject* arg = args[i];
    if (is_tensor(arg)) {
      any = true;
      wanted = wanted || wants_gradient(arg);
      arg = filled(arg, tape.array);
    }
    values[i + 1] = arg;  // the callee takes its own references before any other code runs
  }
  const auto run = [&](PyObject* ctx) {
    values[0] = ctx;
    const auto count = static_cast<std::size_t>(n + 1) | PY_VECTORCALL_ARGUMENTS_OFFSET;
    return checked(PyObject_Vectorcall(forward, values, count, nullptr));
  };
  if (!any) return run(tape.no_tape);
  if (!wanted || !recording) return new_tensor(run(tape.no_tape), false, py::none());
  const std::vector<py::object> views = tell_apart(args, values + 1, n);
  py::object node = node_of(op, args, n);
  py::object y = run(node.ptr());
  note_places(node.ptr(), values + 1, n, y.ptr());
  return new_tensor(std::move(y), true, std::move(node));
}

bool any_tensor(const Arguments& args) {
  if (tape.tensor == nullptr) return false;
  for (Py_ssize_t i = 0; i < args.positional + args.keywords(); ++i) {
    if (is_tensor(args.values[i])) return true;
  }
  return false;
}

py::object call_tensor_function(const char* name, const Arguments& args) {
  PyObject* op = PyDict_GetItemString(tape.functions, name);
  if (op == nullptr) {
    throw py::type_error(std::string(name) + "() takes arrays, and no op of that name takes tensors");
  }
  return checked(PyObject_Vectorcall(op, args.values, static_cast<std::size_t>(args.positional), args.names));
}

namespace {

py::object tensor_around(PyObject* const* args) {
  return new_tensor(py::reinterpret_borrow<py::object>(args[0]), false, py::none());
}

py::object set_recording(PyObject* const* args) {
  const int truth = PyObject_IsTrue(args[0]);
  if (truth < 0) throw py::error_already_set();
  return py::bool_(std::exchange(recording, truth == 1));
}

py::object is_recording(PyObject* const*) { return py::bool_(recording); }

}  // namespace

void register_tape(py::module_& m) {
  tape.no_tape = make_no_node().release().ptr();
  m.def("set_tensor_class", &set_tensor_class);
  m.def("set_tensor_functions", [](py::dict functions) { tape.functions = functions.release().ptr(); });
  add_direct<tensor_around, 1>(m, "new_tensor", "new_tensor(arg0: object) -> object");
  add_direct<set_recording, 1>(m, "set_recording", "set_recording(arg0: object) -> bool");
  add_direct<is_recording, 0>(m, "is_recording", "is_recording() -> bool");
}

}  // namespace fastnn::bindings
