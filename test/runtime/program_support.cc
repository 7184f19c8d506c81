// Compiles test programs.
#include "test/runtime/program_support.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <unistd.h>

namespace hornbeam::runtime {

TemporaryFolder::TemporaryFolder() {
  // In memory where the system has such a place: tests of damage write thousands of files.
  std::filesystem::path parent = std::filesystem::temp_directory_path();
  if (::access("/dev/shm", W_OK) == 0) parent = "/dev/shm";
  std::string pattern = (parent / "hornbeam_test_XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}
std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void write_text(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}
std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read " + path);
  return text.str();
}

std::string compile_c(const std::string& source) {
  static std::map<std::string, std::string> done;
  if (auto found = done.find(source); found != done.end()) return found->second;
  static const char* const kPrelude = R"(
    #include <stdint.h>
    struct HornbeamCall {
      void* const* buffers; const int64_t* rows; int64_t steps; int32_t thread; int32_t num_threads;
      void (*barrier)(void*); void* barrier_context;
    };
    typedef struct HornbeamCall Call;
  )";
  TemporaryFolder folder;
  write_text(folder.file("program.c"), kPrelude + source);
  std::string command =
      "-shared -fPIC -O2 -ffp-contract=off -o " + folder.file("program.so") + " " + folder.file("program.c");
  if (std::system(("cc " + command + " 2>" + folder.file("errors")).c_str()) != 0 &&
      std::system(("clang-22 " + command + " 2>" + folder.file("errors")).c_str()) != 0)
    throw std::runtime_error("cannot compile a test program: " + read_text(folder.file("errors")));
  return done[source] = read_text(folder.file("program.so"));
}

Program tracing_program(const std::vector<int64_t>& batch_sizes, int32_t num_threads) {
  Program program;
  program.state = {
      {"seen", DType::int64, {kTracedRows}, Segment::weights}, {"cursor", DType::int64, {}, Segment::weights},
      {"weight", DType::float32, {2}, Segment::weights},       {"iterations", DType::int64, {}, Segment::slots},
      {"total", DType::float32, {}, Segment::metrics},         {"count", DType::float32, {}, Segment::metrics},
  };
  lay_out(program.state);
  auto offset = [&](int i) { return std::to_string(program.state[i].offset); };
  // Thread 0 alone works, and each step ends with a barrier where there are others, as in a compiled program.
  std::string source = R"(
    #define SEEN ((int64_t*)((char*)c->buffers[0] + )" +
                       offset(0) + R"())
    #define CURSOR ((int64_t*)((char*)c->buffers[0] + )" +
                       offset(1) + R"())
    #define WEIGHT ((float*)((char*)c->buffers[0] + )" +
                       offset(2) + R"())
    #define ITERATIONS ((int64_t*)((char*)c->buffers[1] + )" +
                       offset(3) + R"())
    #define TOTAL ((float*)((char*)c->buffers[2] + )" +
                       offset(4) + R"())
    #define COUNT ((float*)((char*)c->buffers[2] + )" +
                       offset(5) + R"())
    static void train(const Call* c, int64_t batch) {
      const int64_t* id = c->buffers[4]; const float* x = c->buffers[5];
      for (int64_t step = 0; step < c->steps; ++step) {
        if (c->thread == 0) {
          float loss = 0;
          for (int64_t i = 0; i < batch; ++i) {
            int64_t row = c->rows[step * batch + i];
            SEEN[(*CURSOR)++ % 4096] = id[row];
            for (int j = 0; j < 2; ++j) {
              float error = x[2 * row + j] - WEIGHT[j];
              WEIGHT[j] += 0.37f * error / (float)batch;
              loss += error * error;
            }
          }
          *ITERATIONS += 1; *TOTAL += loss; *COUNT += (float)batch;
        }
        if (c->num_threads > 1) c->barrier(c->barrier_context);
      }
    }
    static void evaluate(const Call* c, int64_t batch) {
      const float* x = c->buffers[5];
      if (c->thread != 0) return;
      for (int64_t i = 0; i < c->steps * batch; ++i) {
        float error = x[2 * c->rows[i]] - WEIGHT[0];
        *TOTAL += error * error; *COUNT += 1;
      }
    }
    static void predict(const Call* c, int64_t batch) {
      const int64_t* id = c->buffers[4]; const float* x = c->buffers[5];
      float* y = c->buffers[6]; int64_t* id_out = c->buffers[7];
      if (c->thread != 0) return;
      for (int64_t i = 0; i < c->steps * batch; ++i) {
        for (int j = 0; j < 2; ++j) y[2 * i + j] = x[2 * c->rows[i] + j] * WEIGHT[j];
        id_out[i] = id[c->rows[i]];
      }
    }
  )";
  for (int64_t batch : batch_sizes) {
    std::string size = std::to_string(batch);
    for (const char* job : {"train", "evaluate", "predict"}) {
      std::string name = std::string(job) + "_" + size;
      source += "void " + name + "(const Call* c) { " + job + "(c, " + size + "); }\n";
      Entry entry{name, name, batch,      {{"id", DType::int64, {batch}}, {"x", DType::float32, {batch, 2}}},
                  {},   256,  num_threads};
      if (std::string(job) == "predict")
        entry.outputs = {{"y", DType::float32, {batch, 2}}, {"id", DType::int64, {batch}}};
      program.entries.push_back(entry);
    }
  }
  program.image = compile_c(source);
  return program;
}

}  // namespace hornbeam::runtime
