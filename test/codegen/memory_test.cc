// Masked loads and stores at tails, gathers, transfers and views: what the vector lowering must get right.
#include <numeric>

#include <absl/strings/substitute.h>
#include <gtest/gtest.h>

#include "image_support.h"

namespace hornbeam::test {
namespace {

// Doubles `n` of the 32 floats with masked vectors of 16; the rest of the output is left as it was.
std::vector<float> double_first(int n) {
  std::string mlir = absl::Substitute(R"(
    func.func @run(%HEAD, %x: memref<1099511627776xf32>, %y: memref<1099511627776xf32>, %TAIL) {
      %c0 = arith.constant 0 : index
      %c16 = arith.constant 16 : index
      %n = arith.constant $0 : index
      %zero = arith.constant dense<0.0> : vector<16xf32>
      scf.for %i = %c0 to %n step %c16 {
        %left = arith.subi %n, %i : index
        %mask = vector.create_mask %left : vector<16xi1>
        %a = vector.maskedload %x[%i], %mask, %zero : memref<1099511627776xf32>, vector<16xi1>, vector<16xf32> into vector<16xf32>
        %b = arith.addf %a, %a : vector<16xf32>
        vector.maskedstore %y[%i], %mask, %b : memref<1099511627776xf32>, vector<16xi1>, vector<16xf32>
      }
      return
    })", n);
  std::vector<float> x(32), y(32, -1.0f);
  std::iota(x.begin(), x.end(), 1.0f);
  compile_and_call(mlir, {x.data()}, {y.data()});
  return y;
}

TEST(Memory, MaskedTailsTouchNothingBeyond) {
  for (int n : {0, 1, 15, 16, 17, 31, 32}) {
    std::vector<float> y = double_first(n);
    for (int i = 0; i < 32; ++i) EXPECT_EQ(y[i], i < n ? 2.0f * static_cast<float>(i + 1) : -1.0f) << n << " of 32, at " << i;
  }
}

TEST(Memory, ReadsMaskedOffMemoryNowhere) {
  // The last page of a mapping: a masked load across its end must not fault. A gather of 16 rows likewise.
  std::string mlir = R"(
    func.func @run(%HEAD, %x: memref<1099511627776xf32>, %y: memref<1099511627776xf32>, %TAIL) {
      %far = arith.constant 1000000000 : index
      %c0 = arith.constant 0 : index
      %zero = arith.constant dense<7.0> : vector<16xf32>
      %none = vector.constant_mask [0] : vector<16xi1>
      %a = vector.maskedload %x[%far], %none, %zero : memref<1099511627776xf32>, vector<16xi1>, vector<16xf32> into vector<16xf32>
      %offsets = arith.constant dense<1000000000> : vector<16xi32>
      %b = vector.gather %x[%c0] [%offsets], %none, %a : memref<1099511627776xf32>, vector<16xi32>, vector<16xi1>, vector<16xf32> into vector<16xf32>
      vector.store %b, %y[%c0] : memref<1099511627776xf32>, vector<16xf32>
      return
    })";
  std::vector<float> x(16), y(16);
  compile_and_call(mlir, {x.data()}, {y.data()});
  EXPECT_EQ(y, std::vector<float>(16, 7.0f));
}

TEST(Memory, GathersByIndex) {
  std::string mlir = R"(
    func.func @run(%HEAD, %x: memref<1099511627776xf32>, %i: memref<1099511627776xi32>, %y: memref<1099511627776xf32>, %TAIL) {
      %c0 = arith.constant 0 : index
      %zero = arith.constant dense<0.0> : vector<8xf32>
      %all = vector.constant_mask [8] : vector<8xi1>
      %n = vector.load %i[%c0] : memref<1099511627776xi32>, vector<8xi32>
      %b = vector.gather %x[%c0] [%n], %all, %zero : memref<1099511627776xf32>, vector<8xi32>, vector<8xi1>, vector<8xf32> into vector<8xf32>
      vector.store %b, %y[%c0] : memref<1099511627776xf32>, vector<8xf32>
      return
    })";
  std::vector<float> x(100), y(8);
  std::iota(x.begin(), x.end(), 0.0f);
  std::vector<int32_t> index = {99, 0, 5, 5, 42, 1, 98, 7};
  compile_and_call(mlir, {x.data(), index.data()}, {y.data()});
  EXPECT_EQ(y, (std::vector<float>{99, 0, 5, 5, 42, 1, 98, 7}));
}

TEST(Memory, ViewsTypedBuffersInTheArena) {
  // A float lies at byte 64 of the weights, an integer at byte 128: what kernels see of the state segments.
  std::string mlir = R"(
    func.func @run(%weights: memref<4096xi8>, %slots: memref<4096xi8>, %metrics: memref<4096xi8>, %arena: memref<4096xi8>,
                   %TAIL) {
      %c64 = arith.constant 64 : index
      %c128 = arith.constant 128 : index
      %c1 = arith.constant 1 : index
      %f = memref.view %weights[%c64][] : memref<4096xi8> to memref<2x3xf32>
      %n = memref.view %weights[%c128][] : memref<4096xi8> to memref<4xi32>
      %a = memref.load %f[%c1, %c1] : memref<2x3xf32>
      %i = arith.fptosi %a : f32 to i32
      memref.store %i, %n[%c1] : memref<4xi32>
      return
    })";
  auto program = compile_run(mlir, 0, 0);
  ASSERT_TRUE(program.ok()) << program.status();
  LoadedImage image(program->image);
  alignas(64) char weights[256] = {};
  reinterpret_cast<float*>(weights + 64)[4] = 17.0f;
  void* buffers[4] = {weights, nullptr, nullptr, nullptr};
  HornbeamCall call{};
  call.buffers = buffers;
  image.entry("hornbeam_run")(&call);
  EXPECT_EQ(reinterpret_cast<int32_t*>(weights + 128)[1], 17);
}

TEST(Memory, TransposesThroughTwoDimensionalTransfers) {
  std::string mlir = R"(
    func.func @run(%HEAD, %x: memref<4x8xf32>, %y: memref<8x4xf32>, %TAIL) {
      %c0 = arith.constant 0 : index
      %zero = arith.constant 0.0 : f32
      %a = vector.transfer_read %x[%c0, %c0], %zero {in_bounds = [true, true]} : memref<4x8xf32>, vector<4x8xf32>
      %b = vector.transpose %a, [1, 0] : vector<4x8xf32> to vector<8x4xf32>
      vector.transfer_write %b, %y[%c0, %c0] {in_bounds = [true, true]} : vector<8x4xf32>, memref<8x4xf32>
      return
    })";
  std::vector<float> x(32), y(32);
  std::iota(x.begin(), x.end(), 0.0f);
  compile_and_call(mlir, {x.data()}, {y.data()});
  for (int i = 0; i < 8; ++i)
    for (int j = 0; j < 4; ++j) EXPECT_EQ(y[i * 4 + j], x[j * 8 + i]);
}

TEST(Memory, CopiesWithMemcpy) {
  std::string mlir = R"(
    func.func @run(%HEAD, %x: memref<1000xf32>, %y: memref<1000xf32>, %TAIL) {
      memref.copy %x, %y : memref<1000xf32> to memref<1000xf32>
      return
    })";
  std::vector<float> x(1000, 3.0f), y(1000);
  compile_and_call(mlir, {x.data()}, {y.data()});
  EXPECT_EQ(x, y);
}

}  // namespace
}  // namespace hornbeam::test
