// hk: destination-passing kernels on flat memrefs. What is left of a model after fusion: each op is one loop nest, with
// the elementwise work that follows it (bias, activation, the optimizer's update, …) as its epilogue region.
#ifndef HORNBEAM_KERNEL_TD
#define HORNBEAM_KERNEL_TD

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "ir/kernel/interface.td"

def HK_Dialect : Dialect {
  let name = "hk";
  let cppNamespace = "::hornbeam::hk";
  let summary = "Destination-passing kernels with epilogues, on planned memory";
}

class HK_Op<string mnemonic, list<Trait> traits = []> : Op<HK_Dialect, mnemonic, traits>;

// A flat buffer: rank 1, static size, identity layout; a boolean is stored as one i8.
def HK_Buffer : MemRefRankOf<[AnyType], [1]>;

// Every kernel writes `outs` over the points of `domain`. `access` has, for each of extras and then of outs, one integer
// per axis of the domain and a constant: the flat index of the element that belongs to a point.
// The epilogue is called at each point with (what the op computed there…, the extras' elements…, the outs' old elements…)
// and yields the outs' new elements. It runs on scalars in the IR; codegen clones it on vectors.
//   units: into how many parts the work can be split among threads, 1 where it is not split
//   tile: register tile, where the kernel has one
class HK_KernelOp<string mnemonic, dag roots, dag options, dag more_regions = (region)>
    : HK_Op<mnemonic, [AttrSizedOperandSegments, KernelOpInterface, DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let arguments = !con(roots, (ins Variadic<HK_Buffer>:$extras, Variadic<HK_Buffer>:$outs, DenseI64ArrayAttr:$domain,
                               ArrayAttr:$access, DefaultValuedAttr<I64Attr, "1">:$units,
                               DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$tile), options);
  let regions = !con((region SizedRegion<1>:$epilogue), more_regions);
  let hasVerifier = 1;
}

def HK_MapOp : HK_KernelOp<"map", (ins), (ins)> {
  let summary = "The epilogue alone, at every point of the domain";
}

def HK_ReduceOp : HK_KernelOp<"reduce", (ins Variadic<HK_Buffer>:$inputs),
    (ins DenseI64ArrayAttr:$input_domain, ArrayAttr:$input_access, DenseI64ArrayAttr:$axes, StrAttr:$kind),
    (region SizedRegion<1>:$body)> {
  let summary = "Reduces the body's value over axes of the input domain; the domain is what remains, in order";
  let description = [{
    kind: sum, max, min, prod; argmax and argmin over one axis (the epilogue gets the index as i32, the first of ties).
  }];
}

def HK_GemmOp : HK_KernelOp<"gemm", (ins HK_Buffer:$lhs, HK_Buffer:$rhs),
    (ins DenseI64ArrayAttr:$lhs_strides, DenseI64ArrayAttr:$rhs_strides, I64Attr:$depth)> {
  let summary = "sum over k of lhs[b, m, k] * rhs[b, k, n]; the domain is [b, m, n]";
  let description = [{
    Strides are in elements: of (b, m, k) for lhs, of (b, k, n) for rhs. n's says where a tile begins, by its first column;
    the columns within lie side by side. A lhs that was packed by tiles has a fourth stride, that of the rows within a tile,
    and m's says where a tile begins.
  }];
}

// Convolutions over one or more spatial axes. The input is padded already; the kernel is [spatial…, C / groups, F]. With
// groups, features are two axes of the domain, [groups, F / groups]: the lanes of vectors lie along the last one or, where
// lanes_on_groups says so (depthwise convolutions), along the groups.
def HK_ConvOp : HK_KernelOp<"conv", (ins HK_Buffer:$input, HK_Buffer:$kernel),
    (ins DenseI64ArrayAttr:$input_shape, DenseI64ArrayAttr:$kernel_shape, DenseI64ArrayAttr:$strides,
         DenseI64ArrayAttr:$dilation, DefaultValuedAttr<I64Attr, "1">:$groups, UnitAttr:$lanes_on_groups,
         OptionalAttr<DenseI64ArrayAttr>:$start)> {
  let summary = "Convolution; the domain is [N, spatial…, F]";
  let description = "`start` is where the first window begins, per spatial axis: 0 where it is not given.";
}

def HK_ConvKernelGradOp : HK_KernelOp<"conv_kernel_grad",
    (ins HK_Buffer:$input, HK_Buffer:$cotangent, HK_Buffer:$sums),
    (ins DenseI64ArrayAttr:$input_shape, DenseI64ArrayAttr:$output_shape, DenseI64ArrayAttr:$strides,
         DenseI64ArrayAttr:$dilation, DefaultValuedAttr<I64Attr, "1">:$groups, UnitAttr:$lanes_on_groups,
         OptionalAttr<DenseI64ArrayAttr>:$cotangent_in, OptionalAttr<DenseI64ArrayAttr>:$cotangent_start,
         OptionalAttr<I64Attr>:$parts)> {
  let summary = "The gradient of a convolution by its kernel; the domain is the kernel's shape";
  let description = [{
    `sums` is scratch of the domain's size, float32 for narrower floats: image after image is added to it, then the
    epilogue runs over it. Where the cotangents are part of a larger array, `cotangent_in` is its shape and
    `cotangent_start` the place of the first one, per spatial axis. With `parts` there are as many sums behind each other,
    each of its share of the images; threads share them, and there is no epilogue.
  }];
}

def HK_ScatterAddOp : HK_KernelOp<"scatter_add", (ins HK_Buffer:$indices, HK_Buffer:$rows, HK_Buffer:$sums),
    (ins BoolAttr:$unsigned_indices)> {
  let summary = "Zeros with rows added at places: sums[o, indices[n], i] += rows[o, n, i]; the domain is [o, places, i]";
  let description = [{
    Rows are added in their order, whatever the number of threads; indices are clamped. `sums` is scratch of the domain's
    size, float32 for narrower floats; the epilogue runs over it.
  }];
}

def HK_GatherRowsOp : HK_Op<"gather_rows", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Copies the rows of this step's batch out of a data input: out[i] = base[rows[step * batch + i]]";
  let arguments = (ins AnyMemRef:$base, AnyMemRef:$rows, Index:$step, HK_Buffer:$out, I64Attr:$batch,
                       DefaultValuedAttr<I64Attr, "1">:$units);
  let assemblyFormat = "$base `[` $rows `]` `,` $step `,` $out attr-dict `:` type($base) `,` type($rows) `,` type($out)";
}

def HK_StoreRowsOp : HK_Op<"store_rows", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Copies a batch's result to its place in an output: out[first + i] = value[i]";
  let arguments = (ins HK_Buffer:$value, AnyMemRef:$out, Index:$first, DefaultValuedAttr<I64Attr, "1">:$units);
  let assemblyFormat = "$value `,` $out `[` $first `]` attr-dict `:` type($value) `,` type($out)";
}

def HK_SliceOp : HK_Op<"slice", [Pure]> {
  let summary = "A buffer that is part of another: as many elements as the result has, the index-th such part";
  let arguments = (ins HK_Buffer:$buffer, Index:$index);
  let results = (outs HK_Buffer:$result);
  let assemblyFormat = "$buffer `[` $index `]` attr-dict `:` type($buffer) `->` type($result)";
}

def HK_BarrierOp : HK_Op<"barrier"> {
  let summary = "All threads of the call have come here";
  let assemblyFormat = "attr-dict";
}

def HK_PositionOp : HK_Op<"position", [Pure]> {
  let summary = "In an epilogue or body: a linear function of the point's indices (one factor per axis, then a constant)";
  let arguments = (ins DenseI64ArrayAttr:$factors);
  let results = (outs I32:$result);
  let assemblyFormat = "$factors attr-dict";
}

def HK_ElementOp : HK_Op<"element", [Pure]> {
  let summary = "In an epilogue or body: the element of a whole buffer at a linear function of the point plus index * stride";
  let description = [{
    `table` is the parameter of an extra or input that serves for nothing else: its own access has no meaning.
  }];
  let arguments = (ins AnyType:$table, I64:$index, DenseI64ArrayAttr:$factors, I64Attr:$stride);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$table `[` $index `*` $stride `]` `+` $factors attr-dict `:` type($table) `->` type($result)";
}

def HK_YieldOp : HK_Op<"yield", [Pure, Terminator]> {
  let summary = "Ends an epilogue or body";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif
