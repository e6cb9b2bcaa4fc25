// Ops as objects that Python calls: a forward function, its backward rules, and the attributes of a function.
// A Python function around the forward function cost as much as a small op.
#include <Python.h>
#include <structmember.h>

#include <cstddef>

#include "direct.h"
#include "tape.h"

namespace fastnn::bindings {
namespace {

struct Op {
  PyObject ob_base;
  vectorcallfunc vectorcall;
  PyObject* forward;  // forward(ctx, *arrays)
  PyObject* arrange;  // arrange(op, args, kwargs): all arguments in order, as a tuple
  PyObject* explain;  // explain(op, args, kwargs, error): the error to raise, None for the same, or a result
  PyObject* rule;     // vjp(ctx, dy) on arrays, or None
  PyObject* tensor_rule;  // vjp(ctx, dy) on tensors, or None
  PyObject* attributes;
  PyObject* weakrefs;
};

PyTypeObject* op_type = nullptr;

Op* as_op(PyObject* object) { return reinterpret_cast<Op*>(object); }

py::object tuple_of(PyObject* const* values, Py_ssize_t n) {
  py::object made = checked(PyTuple_New(n));
  for (Py_ssize_t i = 0; i < n; ++i) PyTuple_SET_ITEM(made.ptr(), i, py::handle(values[i]).inc_ref().ptr());
  return made;
}

py::object dict_of(const Arguments& args) {
  py::object made = checked(PyDict_New());
  for (Py_ssize_t k = 0; k < args.keywords(); ++k) {
    PyObject* value = args.values[args.positional + k];
    if (PyDict_SetItem(made.ptr(), PyTuple_GET_ITEM(args.names, k), value) != 0)
      throw py::error_already_set();
  }
  return made;
}

py::object call_with_keywords(PyObject* self, const Arguments& args) {
  const Op& op = *as_op(self);
  py::object given = tuple_of(args.values, args.positional), named = dict_of(args);
  if (any_tensor(args)) {  // every recorded input needs a place
    py::object all =
        checked(PyObject_CallFunctionObjArgs(op.arrange, self, given.ptr(), named.ptr(), nullptr));
    return record(self, op.forward, &PyTuple_GET_ITEM(all.ptr(), 0), PyTuple_GET_SIZE(all.ptr()));
  }
  py::object ctx = py::reinterpret_borrow<py::object>(tape.no_tape);
  py::object first = tuple_of(&tape.no_tape, 1);
  return checked(
      PyObject_Call(op.forward, checked(PySequence_Concat(first.ptr(), given.ptr())).ptr(), named.ptr()));
}

/// Raises what `explain` makes of the error that is set, or returns the result that it gives instead.
PyObject* explain(PyObject* self, const Arguments& args) {
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  if (trace != nullptr) PyException_SetTraceback(value, trace);
  PyObject* result = nullptr;
  try {
    py::object given = tuple_of(args.values, args.positional), named = dict_of(args);
    py::object told = checked(
        PyObject_CallFunctionObjArgs(as_op(self)->explain, self, given.ptr(), named.ptr(), value, nullptr));
    if (told.is_none()) {
      PyErr_Restore(type, value, trace);
      return nullptr;
    }
    if (!PyExceptionInstance_Check(told.ptr())) {
      result = told.release().ptr();
    } else {
      PyException_SetCause(told.ptr(), py::none().release().ptr());  // raise ... from None
      PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(told.ptr())), told.ptr());
    }
  } catch (py::error_already_set& error) {
    error.restore();
  }
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(trace);
  return result;
}

PyObject* vectorcall(PyObject* self, PyObject* const* values, std::size_t flags, PyObject* names) {
  const Arguments args{values, PyVectorcall_NARGS(flags), names};
  PyObject* y = answer([&] {
    return args.keywords() == 0 ? record(self, as_op(self)->forward, values, args.positional)
                                : call_with_keywords(self, args);
  });
  if (y != nullptr) return y;
  for (PyObject* kind : {PyExc_ValueError, PyExc_TypeError, PyExc_IndexError, PyExc_AttributeError}) {
    if (PyErr_ExceptionMatches(kind)) return explain(self, args);
  }
  return nullptr;
}

PyObject* make(PyTypeObject* type, PyObject* args, PyObject*) {
  PyObject *forward, *arrange, *explain;
  if (!PyArg_ParseTuple(args, "OOO", &forward, &arrange, &explain)) return nullptr;
  PyObject* self = type->tp_alloc(type, 0);
  if (self == nullptr) return nullptr;
  Op& op = *as_op(self);
  op.vectorcall = vectorcall;
  op.forward = py::handle(forward).inc_ref().ptr();
  op.arrange = py::handle(arrange).inc_ref().ptr();
  op.explain = py::handle(explain).inc_ref().ptr();
  op.rule = py::none().release().ptr();
  op.tensor_rule = py::none().release().ptr();
  return self;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  const Op& op = *as_op(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(op.forward);
  Py_VISIT(op.arrange);
  Py_VISIT(op.explain);
  Py_VISIT(op.rule);
  Py_VISIT(op.tensor_rule);
  Py_VISIT(op.attributes);
  return 0;
}

int clear(PyObject* self) {
  Op& op = *as_op(self);
  Py_CLEAR(op.forward);
  Py_CLEAR(op.arrange);
  Py_CLEAR(op.explain);
  Py_CLEAR(op.rule);
  Py_CLEAR(op.tensor_rule);
  Py_CLEAR(op.attributes);
  return 0;
}

void dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  if (as_op(self)->weakrefs != nullptr) PyObject_ClearWeakRefs(self);
  clear(self);
  type->tp_free(self);
  Py_DECREF(type);
}

/// A decorator: takes the rule and gives it back.
PyObject* vjp(PyObject* self, PyObject* rule) {
  Py_XSETREF(as_op(self)->rule, py::handle(rule).inc_ref().ptr());
  return py::handle(rule).inc_ref().ptr();
}

PyObject* tensor_vjp(PyObject* self, PyObject* rule) {
  Py_XSETREF(as_op(self)->tensor_rule, py::handle(rule).inc_ref().ptr());
  return py::handle(rule).inc_ref().ptr();
}

/// As functions do: in a class, an op is a method.
PyObject* bind(PyObject* self, PyObject* object, PyObject*) {
  return object == nullptr || object == Py_None ? py::handle(self).inc_ref().ptr()
                                                : PyMethod_New(self, object);
}

PyObject* repr(PyObject* self) {
  PyObject* name = PyObject_GetAttrString(self, "__name__");
  if (name == nullptr) return nullptr;
  PyObject* text = PyUnicode_FromFormat("<op '%U'>", name);
  Py_DECREF(name);
  return text;
}

/// Pickled by name, as functions are.
PyObject* reduce(PyObject* self, PyObject*) { return PyObject_GetAttrString(self, "__name__"); }

PyTypeObject* make_type() {
  static PyMemberDef members[] = {
      {"__vectorcalloffset__", T_PYSSIZET, offsetof(Op, vectorcall), READONLY, nullptr},
      {"__dictoffset__", T_PYSSIZET, offsetof(Op, attributes), READONLY, nullptr},
      {"__weaklistoffset__", T_PYSSIZET, offsetof(Op, weakrefs), READONLY, nullptr},
      {"rule", T_OBJECT, offsetof(Op, rule), 0, nullptr},
      {"tensor_rule", T_OBJECT, offsetof(Op, tensor_rule), 0, nullptr},
      {}};
  static PyMethodDef methods[] = {{"vjp", vjp, METH_O, nullptr},
                                  {"tensor_vjp", tensor_vjp, METH_O, nullptr},
                                  {"__reduce__", reduce, METH_NOARGS, nullptr},
                                  {}};
  static PyGetSetDef properties[] = {
      {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr}, {}};
  static PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(make)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
                                {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(clear)},
                                {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
                                {Py_tp_descr_get, reinterpret_cast<void*>(bind)},
                                {Py_tp_repr, reinterpret_cast<void*>(repr)},
                                {Py_tp_members, members},
                                {Py_tp_methods, methods},
                                {Py_tp_getset, properties},
                                {}};
  static PyType_Spec spec = {
      "fastnn._core.native.Op", sizeof(Op), 0,
      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
      slots};
  return reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release().ptr());
}

}  // namespace

py::object rule_of(PyObject* op) {
  if (Py_TYPE(op) == op_type) return py::reinterpret_borrow<py::object>(as_op(op)->rule);
  return checked(PyObject_GetAttrString(op, "rule"));
}

void register_op(py::module_& m) {
  op_type = make_type();
  m.attr("Op") = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(op_type));
}

}  // namespace fastnn::bindings
