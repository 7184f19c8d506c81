// Calling layers that run on the host.
#pragma once

#include <hornbeam/layers/host_layer.h>
#include <hornbeam/tensor.h>

namespace hornbeam {

// True where a call of the layer needs no program: it works on strings, and its inputs are there.
bool runs_now(const layers::HostLayer* layer, const Tensors& inputs);

// What such a layer's `call` is: runs it on concrete tensors, and gives only the types in a trace that infers them. Throws
// ValueError in a trace that writes a program: there strings cannot be.
Tensor call_on_host(const layers::HostLayer& layer, const std::string& name, const Tensors& inputs);

// Throws TypeError, naming the layer, unless the type is of strings.
void check_strings(const std::string& name, const layers::HostLayer::Type& input);

// The shape that an Encoding makes of numbers of a shape, which may have unknown axes.
Shape encoded_shape(const std::string& mode, const Shape& numbers, int64_t depth);

}  // namespace hornbeam
