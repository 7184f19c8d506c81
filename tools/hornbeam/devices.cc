// hornbeam devices: what this machine offers.
#include <dlfcn.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <hornbeam/config.h>
#include <hornbeam/runtime/threads.h>

#include "tools/hornbeam/commands.h"

namespace hornbeam::cli {
namespace {

bool json = false;

struct Gpu {
  std::string name;
  int64_t memory_bytes = 0;
};
struct Gpus {
  std::vector<Gpu> found;
  std::string driver;  // "CUDA 12.8", or empty
  std::string reason;  // why none can be used
};

// The value of the first line "key : value" of /proc/cpuinfo.
std::string cpuinfo(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || line.compare(0, key.size(), key) != 0) continue;
    return colon + 2 <= line.size() ? line.substr(colon + 2) : "";
  }
  return "";
}

// The vector extensions that kernels are made for, of those that this processor has.
std::vector<std::string> cpu_features() {
  std::string flags = cpuinfo("flags");
  if (flags.empty()) flags = cpuinfo("Features");
  std::stringstream words(flags);
  std::vector<std::string> found;
  for (std::string flag; words >> flag;)
    for (const char* known : {"sse4_2", "avx", "fma", "avx2", "avx512f", "avx512bw", "avx512vl", "avx512_vnni",
                              "avx512_bf16", "avx512_fp16", "amx_tile", "amx_bf16", "asimd", "sve", "sve2"})
      if (flag == known) found.push_back(flag);
  return found;
}

// The driver is asked directly, as libcuda.so.1 has it: nothing of CUDA is needed to build this.
Gpus cuda_gpus() {
  Gpus gpus;
  void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    gpus.reason = std::filesystem::exists("/proc/driver/nvidia/version")
                      ? "the NVIDIA kernel driver is loaded, but its library libcuda.so.1 is not installed"
                      : "no NVIDIA driver is installed (libcuda.so.1 is missing)";
    return gpus;
  }
  auto find = [&](const char* symbol) { return dlsym(library, symbol); };
  auto init = reinterpret_cast<int (*)(unsigned)>(find("cuInit"));
  auto version = reinterpret_cast<int (*)(int*)>(find("cuDriverGetVersion"));
  auto count = reinterpret_cast<int (*)(int*)>(find("cuDeviceGetCount"));
  auto get = reinterpret_cast<int (*)(int*, int)>(find("cuDeviceGet"));
  auto name = reinterpret_cast<int (*)(char*, int, int)>(find("cuDeviceGetName"));
  auto memory = reinterpret_cast<int (*)(size_t*, int)>(find("cuDeviceTotalMem_v2"));
  if (!init || !version || !count || !get || !name || !memory) {
    gpus.reason = "libcuda.so.1 is not a CUDA driver that this program knows";
    return gpus;
  }
  int number = 0, devices = 0;
  if (version(&number) == 0)
    gpus.driver = "CUDA " + std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
  if (int status = init(0); status != 0 || count(&devices) != 0) {
    gpus.reason = "the NVIDIA driver cannot be started (status " + std::to_string(status) + ")";
    return gpus;
  }
  for (int i = 0; i < devices; ++i) {
    int device = 0;
    char text[256] = "";
    size_t bytes = 0;
    if (get(&device, i) != 0 || name(text, sizeof text, device) != 0 || memory(&bytes, device) != 0) continue;
    gpus.found.push_back({text, static_cast<int64_t>(bytes)});
  }
  gpus.reason = gpus.found.empty() ? "the NVIDIA driver finds no GPU" : "programs for GPUs are not made yet";
  return gpus;
}

std::string gibibytes(double bytes) {
  char text[40];
  std::snprintf(text, sizeof text, "%.1f GiB", bytes / (1 << 30));
  return text;
}

void show() {
  std::string cpu = cpuinfo("model name");
  if (cpu.empty()) cpu = "unknown processor";
  const std::vector<std::string> features = cpu_features();
  struct sysinfo system {};
  sysinfo(&system);
  const double memory = static_cast<double>(system.totalram) * system.mem_unit;
  const Gpus gpus = cuda_gpus();
  if (json) {
    Config devices = Config::array();
    devices.push_back(Config::object({{"device", "cpu"},
                                      {"name", cpu},
                                      {"usable", true},
                                      {"threads", num_threads()},
                                      {"features", features},
                                      {"memory_bytes", static_cast<int64_t>(memory)}}));
    for (const Gpu& gpu : gpus.found)
      devices.push_back(Config::object({{"device", "cuda"},
                                        {"name", gpu.name},
                                        {"usable", false},
                                        {"reason", gpus.reason},
                                        {"driver", gpus.driver},
                                        {"memory_bytes", gpu.memory_bytes}}));
    if (gpus.found.empty())
      devices.push_back(Config::object({{"device", "cuda"}, {"usable", false}, {"reason", gpus.reason}}));
    std::printf("%s\n", Config::object({{"default", "cpu"}, {"devices", devices}}).to_json().c_str());
    return;
  }
  std::string list;
  for (const std::string& feature : features) list += " " + feature;
  std::printf("cpu   %s, %d threads, %s of memory\n      features:%s\n", cpu.c_str(), num_threads(),
              gibibytes(memory).c_str(), list.empty() ? " none that are made use of" : list.c_str());
  for (const Gpu& gpu : gpus.found)
    std::printf("cuda  %s, %s, driver %s: not usable, %s\n", gpu.name.c_str(),
                gibibytes(static_cast<double>(gpu.memory_bytes)).c_str(), gpus.driver.c_str(), gpus.reason.c_str());
  if (gpus.found.empty()) std::printf("cuda  not usable: %s\n", gpus.reason.c_str());
}

}  // namespace

void add_devices(CLI::App& app) {
  CLI::App* command = app.add_subcommand("devices", "Show what this machine offers to run programs on");
  command->add_flag("--json", json, "Print one JSON object");
  command->footer("Example:\n  hornbeam devices");
  command->callback(show);
}

}  // namespace hornbeam::cli
