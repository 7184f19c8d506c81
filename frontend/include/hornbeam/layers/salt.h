// The key of a strong hash, as Keras' `salt`: nothing, one number, or two.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <hornbeam/config.h>

namespace hornbeam::layers {

class Salt {
 public:
  Salt() = default;
  Salt(std::nullopt_t) {}
  Salt(int both) : Salt(int64_t{both}, int64_t{both}) {}
  Salt(int64_t both) : Salt(both, both) {}
  Salt(int64_t first, int64_t second) : key_({static_cast<uint64_t>(first), static_cast<uint64_t>(second)}) {}

  const std::optional<std::array<uint64_t, 2>>& key() const { return key_; }
  Config config() const {
    if (!key_) return {};
    return Config::array({static_cast<int64_t>((*key_)[0]), static_cast<int64_t>((*key_)[1])});
  }
  // From null, a number, or a list of two. Throws ValueError.
  static Salt from_config(const Config& config) {
    if (config.is_null()) return {};
    if (config.is_int()) return config.as_int();
    if (!config.is_array() || config.size() != 2)
      throw ValueError("`salt` can only be a tuple of 2 integers, or a single integer. Received: salt=" + config.to_json());
    return Salt(config[0].as_int(), config[1].as_int());
  }

 private:
  std::optional<std::array<uint64_t, 2>> key_;
};

}  // namespace hornbeam::layers
