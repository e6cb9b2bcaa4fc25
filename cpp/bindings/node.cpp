#include "node.h"

#include <structmember.h>

#include <algorithm>
#include <cstddef>

#include "direct.h"
#include "tape.h"

namespace fastnn::bindings {

PyTypeObject* node_type = nullptr;

namespace {

long long nodes = 0;

// `places` holds a digit of six bits for each saved value, the first one lowest: 0 for one that is neither
// argument nor output, i + 1 for argument i, n + 1 for the output. -1 where one lies too far for that.
constexpr int kBits = 6;
constexpr Py_ssize_t kMostValues = 63 / kBits, kMostPlaces = (1 << kBits) - 2;

PyObject* make(PyTypeObject* type, PyObject*, PyObject*) {
  PyObject* self = type->tp_alloc(type, 0);
  if (self != nullptr) as_node(self)->order = --nodes;
  return self;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(as_node(self)->op);
  Py_VISIT(as_node(self)->sources);
  Py_VISIT(as_node(self)->needs);
  Py_VISIT(as_node(self)->saved);
  return 0;
}

int clear(PyObject* self) {
  Py_CLEAR(as_node(self)->op);
  Py_CLEAR(as_node(self)->sources);
  Py_CLEAR(as_node(self)->needs);
  Py_CLEAR(as_node(self)->saved);
  return 0;
}

void dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  clear(self);
  type->tp_free(self);
  Py_DECREF(type);
}

/// save(**values): keeps values for the backward rule, as attributes.
PyObject* save(PyObject* self, PyObject* const* values, Py_ssize_t n, PyObject* names) {
  if (n != 0) {
    PyErr_SetString(PyExc_TypeError, "save() takes values by name");
    return nullptr;
  }
  PyObject* saved = PyDict_New();
  if (saved == nullptr) return nullptr;
  for (Py_ssize_t i = 0; names != nullptr && i < PyTuple_GET_SIZE(names); ++i) {
    if (PyDict_SetItem(saved, PyTuple_GET_ITEM(names, i), values[i]) != 0) {
      Py_DECREF(saved);
      return nullptr;
    }
  }
  Py_XSETREF(as_node(self)->saved, saved);
  Py_RETURN_NONE;
}

/// For each saved value the argument that it is, the number of arguments for the output, or -1.
PyObject* get_places(PyObject* self, void*) {
  const Node& node = *as_node(self);
  if (node.places < 0) {
    PyErr_SetString(PyExc_NotImplementedError, "too many arguments for a second derivative");
    return nullptr;
  }
  const Py_ssize_t n = node.saved == nullptr ? 0 : PyDict_GET_SIZE(node.saved);
  PyObject* places = PyTuple_New(n);
  for (Py_ssize_t i = 0; places != nullptr && i < n; ++i) {
    const long long digit = i < kMostValues ? (node.places >> (kBits * i)) & ((1 << kBits) - 1) : 0;
    PyTuple_SET_ITEM(places, i, PyLong_FromLongLong(digit - 1));
  }
  return places;
}

py::object tape_order(PyObject* const*) { return py::int_(nodes); }

PyObject* keep_nothing(PyObject*, PyObject* const*, Py_ssize_t, PyObject*) { Py_RETURN_NONE; }

PyObject* no_needs(PyObject*, void*) { return PyTuple_New(0); }

PyTypeObject* make_type() {
  static PyMemberDef members[] = {{"__dictoffset__", T_PYSSIZET, offsetof(Node, saved), READONLY, nullptr},
                                  {"op", T_OBJECT, offsetof(Node, op), 0, nullptr},
                                  {"sources", T_OBJECT, offsetof(Node, sources), 0, nullptr},
                                  {"needs", T_OBJECT, offsetof(Node, needs), 0, nullptr},
                                  {"order", T_LONGLONG, offsetof(Node, order), READONLY, nullptr},
                                  {"asked", T_BOOL, offsetof(Node, asked), 0, nullptr},
                                  {}};
  static PyMethodDef methods[] = {{"save", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(save)),
                                   METH_FASTCALL | METH_KEYWORDS, nullptr},
                                  {}};
  static PyGetSetDef properties[] = {
      {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr},
      {"places", get_places, nullptr, nullptr, nullptr},
      {}};
  static PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(make)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
                                {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(clear)},
                                {Py_tp_members, members},
                                {Py_tp_methods, methods},
                                {Py_tp_getset, properties},
                                {}};
  static PyType_Spec spec = {"fastnn._core.native.Node", sizeof(Node), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
  return reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release().ptr());
}

py::object tuple_of(const bool* wanted, Py_ssize_t n) {
  py::object made = checked(PyTuple_New(n));
  for (Py_ssize_t i = 0; i < n; ++i) PyTuple_SET_ITEM(made.ptr(), i, py::bool_(wanted[i]).release().ptr());
  return made;
}

/// Most calls have few arguments: their tuples of truths are made once.
py::object needs_of(const bool* wanted, Py_ssize_t n) {
  constexpr Py_ssize_t kFew = 5;
  static PyObject* known[kFew + 1][1 << kFew] = {};
  if (n > kFew) return tuple_of(wanted, n);
  std::size_t bits = 0;
  for (Py_ssize_t i = 0; i < n; ++i) bits |= static_cast<std::size_t>(wanted[i]) << i;
  PyObject*& made = known[n][bits];
  if (made == nullptr) made = tuple_of(wanted, n).release().ptr();
  return py::reinterpret_borrow<py::object>(made);
}

}  // namespace

py::object make_no_node() {
  static PyMethodDef methods[] = {
      {"save", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(keep_nothing)),
       METH_FASTCALL | METH_KEYWORDS, nullptr},
      {}};
  static PyGetSetDef properties[] = {{"needs", no_needs, nullptr, nullptr, nullptr}, {}};
  static PyType_Slot slots[] = {{Py_tp_methods, methods}, {Py_tp_getset, properties}, {}};
  static PyType_Spec spec = {"fastnn._core.native.NoNode", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, slots};
  py::object type = checked(PyType_FromSpec(&spec));
  return checked(PyObject_CallNoArgs(type.ptr()));
}

py::object new_node(PyObject* op, py::object sources, Py_ssize_t n, const bool* wanted) {
  py::object needs = needs_of(wanted, n), made = checked(make(node_type, nullptr, nullptr));
  Node& node = *as_node(made.ptr());
  node.op = py::handle(op).inc_ref().ptr();
  node.sources = sources.release().ptr();
  node.needs = needs.release().ptr();
  return made;
}

void note_places(PyObject* self, PyObject* const* values, Py_ssize_t n, PyObject* y) {
  Node& node = *as_node(self);
  if (node.saved == nullptr) return;
  PyObject *name, *value;
  Py_ssize_t position = 0;
  node.places = 0;
  for (Py_ssize_t i = 0; PyDict_Next(node.saved, &position, &name, &value); ++i) {
    const Py_ssize_t place = value == y ? n : std::find(values, values + n, value) - values;
    if (place == n && value != y) continue;
    if (i >= kMostValues || place > kMostPlaces) {
      node.places = -1;
      return;
    }
    node.places |= static_cast<long long>(place + 1) << (kBits * i);
  }
}

void register_node(py::module_& m) {
  node_type = make_type();
  m.attr("Node") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(node_type));
  add_direct<tape_order, 0>(m, "tape_order", "tape_order() -> int");
}

}  // namespace fastnn::bindings
