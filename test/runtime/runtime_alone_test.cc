// The runtime without a compiler: another process loads a saved program and runs it.
#include <cstdlib>

#include <hornbeam/runtime/package.h>

#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

const std::string kProgram = std::string(HORNBEAM_BUILD_DIR) + "/test/runtime_alone/runtime_alone";

TEST(RuntimeAlone, RunsASavedProgram) {
  TemporaryFolder folder;
  save(tracing_program({4}, 2), folder.file("a.hbp"));
  std::string out = folder.file("out");
  ASSERT_EQ(std::system((kProgram + " " + folder.file("a.hbp") + " train_4 3 >" + out + " 2>&1").c_str()), 0)
      << read_text(out);
  std::string text = read_text(out);
  EXPECT_NE(text.find("state iterations int64 () sum=3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("state cursor int64 () sum=12\n"), std::string::npos) << text;
}

TEST(RuntimeAlone, HasNoLlvmInside) {
  TemporaryFolder folder;
  std::string out = folder.file("out");
  ASSERT_EQ(std::system(("ldd " + kProgram + " >" + out).c_str()), 0);
  std::string libraries = read_text(out);
  EXPECT_NE(libraries.find("libhornbeam_runtime.so"), std::string::npos) << libraries;
  EXPECT_EQ(libraries.find("LLVM"), std::string::npos) << libraries;
  EXPECT_EQ(libraries.find("libhornbeam.so"), std::string::npos) << libraries;
}

TEST(RuntimeAlone, SaysWhatIsWrong) {
  TemporaryFolder folder;
  std::string program = folder.file("a.hbp"), out = folder.file("out");
  save(tracing_program({4}), program);
  EXPECT_EQ(WEXITSTATUS(std::system((kProgram + " " + program + " train >" + out + " 2>&1").c_str())), 1);
  EXPECT_EQ(read_text(out),
            "runtime_alone: The program has no entry 'train'. It has: 'train_4', 'evaluate_4', 'predict_4'\n");
  write_text(program, read_text(program).substr(0, 1000));
  EXPECT_EQ(WEXITSTATUS(std::system((kProgram + " " + program + " train_4 >" + out + " 2>&1").c_str())), 1);
  EXPECT_NE(read_text(out).find("is no whole program package"), std::string::npos);
}

}  // namespace
}  // namespace hornbeam::runtime
