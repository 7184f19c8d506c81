#include <hornbeam/registry.h>

#include <cxxabi.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <mutex>
#include <typeindex>
#include <unordered_map>

namespace hornbeam::registry {
namespace {

struct Class {
  Kind kind;
  std::string class_name;
  std::string module;
  Factory factory;
};

struct Tables {
  std::mutex mutex;
  std::map<std::pair<Kind, std::string>, std::shared_ptr<const Class>> by_name;
  std::unordered_map<std::type_index, std::shared_ptr<const Class>> by_type;
  std::map<Kind, std::vector<std::string>> names;  // class names and aliases, for suggestions
};

// Never destroyed: objects with static storage may ask until the very end.
Tables& tables() {
  static Tables* all = new Tables();
  return *all;
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::layer:
      return "layer";
    case Kind::loss:
      return "loss";
    case Kind::metric:
      return "metric";
    case Kind::optimizer:
      return "optimizer";
    case Kind::schedule:
      return "learning rate schedule";
    case Kind::initializer:
      return "initializer";
    case Kind::regularizer:
      return "regularizer";
    case Kind::constraint:
      return "constraint";
  }
  return "object";
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::shared_ptr<const Class> lookup(Kind kind, const std::string& name) {
  std::lock_guard lock(tables().mutex);
  auto at = tables().by_name.find({kind, name});
  // keras.optimizers.get goes by the class name in small letters ("rmsprop").
  if (at == tables().by_name.end() && kind == Kind::optimizer) at = tables().by_name.find({kind, lower(name)});
  return at == tables().by_name.end() ? nullptr : at->second;
}

// Levenshtein's distance, without regard to case.
size_t distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string snake_case(const std::string& class_name) {
  // keras.src.utils.naming.to_snake_case: an underscore before a capital that a small letter follows, and between a
  // small letter and a capital.
  // One class is exported under another name than its own, which names are made from.
  if (class_name == "GroupQueryAttention") return "grouped_query_attention";
  auto is_upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  auto is_lower = [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; };
  std::string out;
  for (size_t i = 0; i < class_name.size(); ++i) {
    char c = class_name[i];
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') continue;
    bool before_word = i + 1 < class_name.size() && is_lower(class_name[i + 1]);
    if (i > 0 && is_upper(c) && (before_word || is_lower(class_name[i - 1])) && !out.empty()) out += '_';
    out += c;
  }
  return lower(out);
}

void add(Kind kind, const std::type_info& type, std::string class_name, std::string module,
         std::vector<std::string> aliases, Factory factory) {
  auto entry = std::make_shared<const Class>(Class{kind, class_name, std::move(module), std::move(factory)});
  std::lock_guard lock(tables().mutex);
  tables().by_type[type] = entry;
  aliases.push_back(kind == Kind::optimizer ? lower(class_name) : snake_case(class_name));
  aliases.insert(aliases.begin(), class_name);
  for (const std::string& name : aliases) {
    if (tables().by_name.insert_or_assign({kind, name}, entry).second) tables().names[kind].push_back(name);
  }
}

bool contains(Kind kind, const std::string& name) { return lookup(kind, name) != nullptr; }

std::vector<std::string> class_names(Kind kind) {
  std::lock_guard lock(tables().mutex);
  std::vector<std::string> names;
  for (const auto& [key, entry] : tables().by_name)
    if (key.first == kind && key.second == entry->class_name) names.push_back(key.second);
  return names;
}

std::string suggest(const std::string& name, const std::vector<std::string>& known) {
  std::string best;
  size_t best_distance = 0;
  for (const std::string& candidate : known) {
    size_t d = distance(lower(name), lower(candidate));
    if (best.empty() || d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  if (!best.empty() && best_distance <= std::max<size_t>(2, name.size() / 3)) return " Did you mean '" + best + "'?";
  std::string all;
  for (const std::string& candidate : known) all += (all.empty() ? "" : ", ") + candidate;
  return all.empty() ? "" : " Known: " + all + ".";
}

std::shared_ptr<void> create(Kind kind, const Config& identifier) {
  std::string name;
  Config config = Config::object();
  if (identifier.is_string()) {
    name = identifier.as_string();
  } else if (identifier.is_object() && identifier.contains("class_name")) {
    name = identifier.at("class_name").as_string();
    if (const Config* given = identifier.find("config"); given && given->is_object()) config = *given;
    // Functions and user classes carry their registered name ("Custom>Name"), plain ones only the class name.
    if (const Config* registered = identifier.find("registered_name"); registered && registered->is_string()) {
      std::string full = registered->as_string();
      std::string plain = full.substr(full.find('>') == std::string::npos ? 0 : full.find('>') + 1);
      if (contains(kind, plain)) name = plain;
    }
    if (name == "function" && identifier.contains("config") && identifier.at("config").is_string())
      name = identifier.at("config").as_string();
  } else {
    throw ValueError(std::string("Could not interpret ") + kind_name(kind) + " identifier: " + identifier.to_json());
  }
  std::shared_ptr<const Class> entry = lookup(kind, name);
  if (!entry) {
    std::vector<std::string> known;
    {
      std::lock_guard lock(tables().mutex);
      known = tables().names[kind];
    }
    std::sort(known.begin(), known.end());
    throw ValueError(std::string("Unknown ") + kind_name(kind) + ": '" + name + "'." + suggest(name, known));
  }
  return entry->factory(config);
}

std::string class_name(const std::type_info& type) {
  {
    std::lock_guard lock(tables().mutex);
    auto at = tables().by_type.find(type);
    if (at != tables().by_type.end()) return at->second->class_name;
  }
  int status = 0;
  char* demangled = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string full = status == 0 ? demangled : type.name();
  std::free(demangled);
  if (size_t bracket = full.find('<'); bracket != std::string::npos) full.resize(bracket);
  size_t colon = full.rfind("::");
  return colon == std::string::npos ? full : full.substr(colon + 2);
}

Config serialize(const std::type_info& type, Config config) {
  std::string module, registered;
  {
    std::lock_guard lock(tables().mutex);
    auto at = tables().by_type.find(type);
    if (at != tables().by_type.end()) module = at->second->module;
  }
  std::string name = class_name(type);
  return Config::object({{"module", module.empty() ? Config() : Config(module)},
                         {"class_name", name},
                         {"config", std::move(config)},
                         {"registered_name", module.empty() ? Config("Custom>" + name) : Config()}});
}

}  // namespace hornbeam::registry
