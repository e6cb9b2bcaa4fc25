// One recorded operation: its rule, where its inputs came from, and what the forward pass saved. Rules see it
// as `ctx`.
#pragma once

#include "array.h"

namespace fastnn::bindings {

struct Node {
  PyObject ob_base;
  PyObject* op;
  PyObject* sources;  // for each argument a node, a leaf tensor or None; itself None once it is freed
  PyObject* needs;    // whether each argument wants its gradient
  PyObject* saved;    // a dict
  long long order;    // the later recorded, the lower
  long long places;   // which saved values are arguments or the output: see place_of
  char asked;         // whether somebody wants the gradient with respect to the output
};

extern PyTypeObject* node_type;

inline Node* as_node(PyObject* object) { return reinterpret_cast<Node*>(object); }

/// The context of a call that is not recorded: it has no `needs`, and `save` keeps nothing.
py::object make_no_node();

/// A node recorded now; `wanted` has bit i set where argument i wants its gradient.
py::object new_node(PyObject* op, py::object sources, Py_ssize_t n, const bool* wanted);

/// Notes which of the saved values are arguments, `values[0]` to `values[n - 1]`, or the output `y`.
void note_places(PyObject* node, PyObject* const* values, Py_ssize_t n, PyObject* y);

}  // namespace fastnn::bindings
