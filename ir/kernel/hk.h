// The hk dialect for passes and codegen: kernels on planned memory. See kernel.td.
#pragma once

#include "ir/pch.h"

#include "ir/kernel/dialect.h.inc"
#include "ir/kernel/interface.h.inc"

#define GET_OP_CLASSES
#include "ir/kernel/ops.h.inc"
