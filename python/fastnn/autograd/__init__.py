"""The tape: recording operations, and taking gradients of what was recorded."""

from fastnn.autograd.changes import note_change as note_change
from fastnn.autograd.flow import backward as backward
from fastnn.autograd.flow import gradients as gradients
from fastnn.autograd.recording import Array as Array
from fastnn.autograd.recording import Node as Node
from fastnn.autograd.recording import Op as Op
from fastnn.autograd.recording import constant as constant
from fastnn.autograd.recording import differentiable as differentiable
from fastnn.autograd.recording import no_grad as no_grad
from fastnn.autograd.recording import registry as registry
