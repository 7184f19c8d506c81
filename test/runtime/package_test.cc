// Packages: what goes in comes out, and damage never does.
#include <hornbeam/runtime/package.h>

#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

Program small_program() {
  Program program;
  program.target = "generic +sse2";
  program.state = {{"dense/kernel", DType::float32, {3, 4}},
                   {"adam/m", DType::bfloat16, {5}, Segment::slots},
                   {"seed", DType::uint32, {2}},
                   {"total", DType::float64, {}, Segment::metrics}};
  lay_out(program.state);
  program.entries = {
      {"train_step", "hb_train_step", 8, {{"x", DType::float32, {8, 3}}, {"y", DType::int32, {8}}}, {}, 4096, 4},
      {"metrics", "hb_metrics", 0, {}, {{"loss", DType::float32, {}, false}}, 0, 1}};
  program.image = std::string(
      "\x7f"
      "ELF\0\1\2\3",
      8);
  return program;
}

void expect_equal(const Port& a, const Port& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.dtype, b.dtype);
  EXPECT_EQ(a.shape, b.shape);
  EXPECT_EQ(a.per_batch, b.per_batch);
}

void expect_equal(const Program& a, const Program& b) {
  EXPECT_EQ(a.target, b.target);
  EXPECT_EQ(a.image, b.image);
  ASSERT_EQ(a.state.size(), b.state.size());
  for (size_t i = 0; i < a.state.size(); ++i) {
    EXPECT_EQ(a.state[i].name, b.state[i].name);
    EXPECT_EQ(a.state[i].dtype, b.state[i].dtype);
    EXPECT_EQ(a.state[i].shape, b.state[i].shape);
    EXPECT_EQ(a.state[i].segment, b.state[i].segment);
    EXPECT_EQ(a.state[i].offset, b.state[i].offset);
  }
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (size_t i = 0; i < a.entries.size(); ++i) {
    const Entry &x = a.entries[i], &y = b.entries[i];
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.symbol, y.symbol);
    EXPECT_EQ(x.batch_size, y.batch_size);
    EXPECT_EQ(x.arena_bytes, y.arena_bytes);
    EXPECT_EQ(x.num_threads, y.num_threads);
    ASSERT_EQ(x.inputs.size(), y.inputs.size());
    ASSERT_EQ(x.outputs.size(), y.outputs.size());
    for (size_t j = 0; j < x.inputs.size(); ++j) expect_equal(x.inputs[j], y.inputs[j]);
    for (size_t j = 0; j < x.outputs.size(); ++j) expect_equal(x.outputs[j], y.outputs[j]);
  }
}

TEST(Package, RoundTripsThroughBytes) { expect_equal(parse(serialize(small_program()), "bytes"), small_program()); }

TEST(Package, RoundTripsThroughAFile) {
  TemporaryFolder folder;
  save(small_program(), folder.file("a.hbp"));
  expect_equal(load(folder.file("a.hbp")), small_program());
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a.hbp"}) << "a temporary file was left";
}

TEST(Package, ReplacesAFileAsAWhole) {
  TemporaryFolder folder;
  write_text(folder.file("a.hbp"), "something longer that was here before" + std::string(100000, 'x'));
  save(small_program(), folder.file("a.hbp"));
  expect_equal(load(folder.file("a.hbp")), small_program());
}

TEST(Package, LeavesNothingBehindWhenItCannotWrite) {
  TemporaryFolder folder;
  EXPECT_ERROR(save(small_program(), folder.file("missing/a.hbp")), IOError,
               "/missing/a.hbp': No such file or directory");
  std::string taken = folder.file("folder");
  ASSERT_EQ(std::system(("mkdir " + taken).c_str()), 0);
  EXPECT_ERROR(save(small_program(), taken), IOError, "Cannot write '" + taken + "'");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"folder"});
}

TEST(Package, RefusesEveryTruncation) {
  std::string bytes = serialize(small_program());
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_ERROR(parse(bytes.substr(0, size), "cut.hbp"), IOError, "'cut.hbp' is no whole program package");
  EXPECT_ERROR(parse(bytes + '\0', "long.hbp"), IOError, "bytes were expected after the header, received");
}

TEST(Package, RefusesEveryFlippedBit) {
  std::string bytes = serialize(small_program());
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_THROW(parse(damaged, "damaged.hbp"), IOError) << "bit " << bit;
  }
}

TEST(Package, NamesTheFileThatIsMissingOrAFolder) {
  TemporaryFolder folder;
  EXPECT_ERROR(load(folder.file("no.hbp")), IOError, "no.hbp': No such file or directory");
  EXPECT_ERROR(load(folder.file(".")), IOError, "it is a folder, a file was expected");
}

// A right checksum over wrong content: each field is checked for itself.
struct BadCase {
  const char* name;
  void (*spoil)(Program&);
  const char* text;
};
class PackageContent : public testing::TestWithParam<BadCase> {};

TEST_P(PackageContent, IsRefused) {
  Program program = small_program();
  GetParam().spoil(program);
  EXPECT_ERROR(parse(serialize(program), "bad.hbp"), IOError, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, PackageContent,
    testing::Values(
        BadCase{"offset", [](Program& p) { p.state[2].offset = 0; },
                "'seed' lies at byte 0 of its segment, 64 was expected"},
        BadCase{"negative_shape", [](Program& p) { p.state[0].shape[1] = -4; },
                "'dense/kernel' has the impossible shape"},
        BadCase{"huge_shape",
                [](Program& p) {
                  p.state[0].shape = {1 << 30, 1 << 30};
                },
                "has the impossible shape"},
        BadCase{"string", [](Program& p) { p.state[0].dtype = DType::string; }, "has the dtype 'string'"},
        BadCase{"segment", [](Program& p) { p.state[0].segment = static_cast<Segment>(3); }, "lies in segment 3"},
        BadCase{"twin_state", [](Program& p) { p.state[2].name = "dense/kernel"; }, "are named 'dense/kernel'"},
        BadCase{"twin_entry", [](Program& p) { p.entries[1].name = "train_step"; }, "are named 'train_step'"},
        BadCase{"nameless", [](Program& p) { p.entries[1].name = ""; }, "a nameless entry"},
        BadCase{"symbol", [](Program& p) { p.entries[0].symbol = ""; }, "entry 'train_step' has no symbol"},
        BadCase{"batch", [](Program& p) { p.entries[0].batch_size = -1; }, "a batch size of -1"},
        BadCase{"input_batch", [](Program& p) { p.entries[0].inputs[1].shape = {7}; },
                "its input 'y' has the shape (7,)"},
        BadCase{"input_scalar", [](Program& p) { p.entries[0].inputs[1].shape = {}; },
                "its input 'y' has the shape ()"},
        BadCase{"arena", [](Program& p) { p.entries[0].arena_bytes = -1; }, "an arena of -1 bytes"},
        BadCase{"huge_arena", [](Program& p) { p.entries[0].arena_bytes = INT64_MAX; }, "asks for an arena of"},
        BadCase{"threads", [](Program& p) { p.entries[0].num_threads = 0; }, "asks for 0 threads"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace hornbeam::runtime
