// Objects and static libraries: what they ask of a program, their headers, and two of them in one program.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

using testing::HasSubstr;

std::string nm(const std::string& options, const std::string& path) {
  Outcome outcome = run("/usr/lib/llvm-22/bin/llvm-nm " + options + " " + path);
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  return outcome.output;
}

TEST(Object, NeedsNoLibrary) {
  Sequential model = small_model();
  for (const char* function : {"predict", "train"})
    for (const char* target : {"x86_64-linux", "aarch64-linux", "wasm32"}) {
      SCOPED_TRACE(std::string(function) + " " + target);
      std::string path = folder() + "/alone.o";
      export_model(model, path, {.emit = "obj", .function = function, .target = target});
      std::string undefined = nm("-u -j", path);
      for (const char* own : {"__stack_pointer\n", "__memory_base\n", "__table_base\n", "__indirect_function_table\n",
                              "__linear_memory\n", "__heap_base\n"})
        if (size_t at = undefined.find(own); at != std::string::npos) undefined.erase(at, std::string(own).size());
      EXPECT_EQ(undefined, "");
    }
}

// All that can be seen has the prefix, and there is no data that changes.
TEST(Object, ShowsItsFunctionsAndHasNoState) {
  Sequential model = small_model();
  std::string path = folder() + "/shows.o";
  export_model(model, path, {.emit = "obj", .function = "train", .cpu = "avx2", .prefix = "abc", .num_threads = 4});
  std::string shown = nm("-g -j --defined-only", path);
  std::vector<std::string> names;
  std::stringstream lines(shown);
  for (std::string name; std::getline(lines, name);) names.push_back(name);
  EXPECT_THAT(names, testing::UnorderedElementsAre(
                         "abc_create", "abc_instance_bytes", "abc_last_error", "abc_num_weights", "abc_weight_at",
                         "abc_get_weight", "abc_set_weight", "abc_load_weights", "abc_predict", "abc_train_steps",
                         "abc_shuffle", "abc_metrics", "abc_reset_metrics", "abc_set_threads"));
  std::string all = nm("--format=posix", path);
  for (const char* kind : {" b ", " d ", " B ", " D ", " C "})
    for (std::stringstream text(all); std::getline(text, shown);)
      if (shown.find(kind) != std::string::npos)
        EXPECT_THAT(shown, testing::Not(HasSubstr(" b "))) << "is data that may change";
}

TEST(Object, HeaderIsCAndCppWithoutWarnings) {
  Sequential model = small_model();
  export_model(model, folder() + "/header.o", {.emit = "obj", .function = "train", .num_threads = 2});
  std::ofstream(folder() + "/header.c")
      << "#include \"header.h\"\nint main(void) { return header_create(0, 0) != 0; }\n";
  std::ofstream(folder() + "/header.cc")
      << "#include \"header.h\"\nint main() { return header_create(nullptr, 0) != nullptr; }\n";
  for (std::string compiler :
       {"gcc -std=c99", "clang-22 -std=c17", "g++ -std=c++11 -x c++", "clang++-22 -std=c++20 -x c++"}) {
    std::string source = compiler.find("++") == std::string::npos ? "/header.c" : "/header.cc";
    Outcome outcome = run(compiler + " -Wall -Wextra -Wpedantic -Werror " + folder() + source + " -x none " + folder() +
                          "/header.o -o " + folder() + "/header && " + folder() + "/header");
    EXPECT_EQ(outcome.status, 0) << compiler << ": " << outcome.output;
  }
}

// Names that are no C names, or words of C.
TEST(Object, HeaderMakesNamesOfInputs) {
  Tensor a = Input({.shape = {3}, .name = "left-hand"}), b = Input({.shape = {3}, .name = "int"});
  Model model(Tensors{a, b}, Tensors{a + b});
  std::string path = folder() + "/libnames.a";
  std::vector<std::string> files = export_model(model, path, {.emit = "static-lib"});
  EXPECT_THAT(files, testing::ElementsAre(path, folder() + "/names.h"));
  std::string header = read_file(folder() + "/names.h");
  EXPECT_THAT(header, HasSubstr("const float* left_hand;  /* left-hand [rows, 3] float32 */"));
  EXPECT_THAT(header, HasSubstr("const float* int_;  /* int [rows, 3] float32 */"));
}

TEST(Object, TwoModelsInOneProgram) {
  Sequential model = small_model();
  export_model(model, folder() + "/one.o", {.emit = "obj", .cpu = "native"});
  std::vector<Array> weights = model.get_weights();
  for (Array& weight : weights) weight = Array(weight.dtype(), weight.shape());
  model.set_weights(weights);
  export_model(model, folder() + "/libtwo.a", {.emit = "static-lib", .cpu = "native"});
  std::ofstream(folder() + "/both.c")
      << "#include <stdio.h>\n#include \"one.h\"\n#include \"two.h\"\n"
         "static char memory_1[ONE_INSTANCE_BYTES], memory_2[TWO_INSTANCE_BYTES];\n"
         "int main(void) {\n"
         "  float x[20] = {1}, y1[4], y2[4];\n"
         "  one_inputs i1 = {x}; two_inputs i2 = {x};\n"
         "  one_outputs o1 = {y1}; two_outputs o2 = {y2};\n"
         "  if (one_predict(one_create(memory_1, sizeof memory_1), &i1, 1, &o1)) return 1;\n"
         "  if (two_predict(two_create(memory_2, sizeof memory_2), &i2, 1, &o2)) return 2;\n"
         "  printf(\"%d %.2f\\n\", y1[0] != 0.25f, y2[0]);\n"
         "  return 0;\n}\n";
  std::string program = folder() + "/both";
  Outcome outcome = run("gcc -Wall -Werror " + folder() + "/both.c " + folder() + "/one.o -L" + folder() +
                        " -ltwo -o " + program + " && " + program);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "1 0.25\n");  // softmax of zeros
}

}  // namespace
}  // namespace hornbeam::aot
