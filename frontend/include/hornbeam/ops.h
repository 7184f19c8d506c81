// The ops that layers are made of most; ops/ has a header for each further subject of keras.ops.
#pragma once

#include <hornbeam/ops/einsum.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
