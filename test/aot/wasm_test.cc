// WebAssembly modules, run by node.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

using testing::HasSubstr;

// Loads the module and defines `place(array)` and `m`, the exports; then `body` runs, and its result is printed as
// JSON.
Outcome run_node(const std::string& wasm, const std::string& body) {
  std::string script = folder() + "/script.mjs";
  std::ofstream(script)
      << "import {readFileSync} from 'node:fs';\n"
         "const module = await WebAssembly.compile(readFileSync('" +
             wasm +
             "'));\n"
             "const imports = WebAssembly.Module.imports(module);\n"
             "const m = (await WebAssembly.instantiate(module)).exports;\n"
             "const place = a => { const at = m.small_allocate(a.byteLength);\n"
             "  new Uint8Array(m.memory.buffer, at, a.byteLength).set(new Uint8Array(a.buffer)); return at; };\n"
             "const made = () => { const n = m.small_instance_bytes(); return m.small_create(m.small_allocate(n), n); "
             "};\n"
             "const read = (at, n) => Array.from(new Float32Array(m.memory.buffer, at, n));\n"
             "const result = (() => {\n" +
             body + "\n})();\nconsole.log(JSON.stringify(result));\n";
  return run("node " + script);
}

std::string js_array(const Array& array) {
  std::string text = array.dtype() == DType::int32 ? "new Int32Array([" : "new Float32Array([";
  for (int64_t i = 0; i < array.num_elements(); ++i) text += std::to_string(array.get(i)) + ",";
  return text + "])";
}

void expect_near(const std::string& json, const Array& expected, double tolerance) {
  ASSERT_THAT(json, testing::StartsWith("[")) << json;
  std::stringstream text(json.substr(1));
  for (int64_t i = 0; i < expected.num_elements(); ++i) {
    double value = -1;
    char comma;
    text >> value >> comma;
    EXPECT_NEAR(value, expected.get(i), tolerance) << i;
  }
}

TEST(Wasm, PredictsInNode) {
  Sequential model = small_model();
  std::string path = folder() + "/small.wasm";
  export_model(model, path, {.emit = "wasm"});
  Outcome outcome = run_node(path,
                             "const y = place(new Float32Array(160));\n"
                             "const status = m.small_predict(made(), place(new Uint32Array([place(" +
                                 js_array(features(40)) +
                                 ")])), 40, place(new Uint32Array([y])));\n"
                                 "return status === 0 && imports.length === 0 ? read(y, 160) : status;");
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  expect_near(outcome.output, model.predict(features(40), {.verbose = 0})[0], 2e-6);
}

TEST(Wasm, TrainsInNode) {
  Sequential model = small_model();
  std::string path = folder() + "/small_train.wasm";
  export_model(model, path, {.emit = "wasm", .function = "train", .prefix = "small"});
  std::string body = "const samples = place(new Uint32Array([place(" + js_array(features(64)) + "), place(" +
                     js_array(labels(64)) +
                     ")]));\n"
                     "const instance = made(), kernel = m.small_allocate(1280);\n"
                     "const name = place(new TextEncoder().encode('sequential/hidden/kernel\\0'));\n"
                     "const status = m.small_train_steps(instance, samples, 64, 0, 2) + m.small_get_weight(instance, "
                     "name, kernel, 1280);\n"
                     "return status === 0 ? read(kernel, 320) : status;";
  Outcome outcome = run_node(path, body);
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  model.fit(features(64), labels(64), {.epochs = 1, .batch_size = 32, .verbose = 0, .shuffle = false});
  expect_near(outcome.output, model.get_weights()[0], 1e-5);
}

// Functions of float64, for which a module would have to import libm, come along.
TEST(Wasm, ImportsNothingForFloat64) {
  clear_session();
  Sequential model({Input({20}), layers::Dense({.units = 3, .activation = "tanh", .dtype = "float64"}),
                    layers::Dense({.units = 3, .activation = "softmax", .dtype = "float64"})});
  std::string path = folder() + "/double.wasm";
  export_model(model, path, {.emit = "wasm", .prefix = "double"});
  EXPECT_EQ(run_node(path, "return m.double_num_weights();").output, "4\n");
}

TEST(Wasm, GivesNoMemoryThatThereIsNot) {
  Sequential model = small_model();
  std::string path = folder() + "/memory.wasm";
  export_model(model, path, {.emit = "wasm", .prefix = "small"});
  Outcome outcome =
      run_node(path, "return [m.small_allocate(4294967295), m.small_create(0, 1000000), m.small_allocate(10) % 64];");
  EXPECT_EQ(outcome.output, "[0,0,0]\n");
}

}  // namespace
}  // namespace hornbeam::aot
