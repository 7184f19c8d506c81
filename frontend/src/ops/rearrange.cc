// rearrange: axes by name.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/shape.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Groups = std::vector<std::vector<std::string>>;

[[noreturn]] void bad(const std::string& pattern, const std::string& why) {
  throw ValueError("[rearrange] " + why + " Received: pattern=\"" + pattern + "\"");
}

// "b (h w) c" → {{b}, {h, w}, {c}}; "1" is an axis without a name.
Groups parse(const std::string& pattern, const std::string& side) {
  std::string spaced;
  for (char c : side) {
    if (c == '(' || c == ')')
      spaced += std::string(" ") + c + " ";
    else
      spaced += c;
  }
  Groups groups;
  bool inside = false;
  std::istringstream words(spaced);
  for (std::string word; words >> word;) {
    if (word == "(") {
      if (inside) bad(pattern, "Parentheses must not be nested.");
      inside = true;
      groups.emplace_back();
    } else if (word == ")") {
      if (!inside) bad(pattern, "A parenthesis is closed that was not opened.");
      inside = false;
    } else if (inside) {
      if (word != "1") groups.back().push_back(word);
    } else if (word == "1") {
      groups.emplace_back();
    } else {
      groups.push_back({word});
    }
  }
  if (inside) bad(pattern, "A parenthesis is not closed.");
  return groups;
}

std::vector<std::string> flatten(const std::string& pattern, const Groups& groups) {
  std::vector<std::string> names;
  for (const auto& group : groups) names.insert(names.end(), group.begin(), group.end());
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    bad(pattern, "A name stands twice on one side.");
  return names;
}

}  // namespace

Tensor rearrange(const Tensor& x, const std::string& pattern,
                 const std::vector<std::pair<std::string, int64_t>>& axes_lengths) {
  size_t arrow = pattern.find("->");
  if (arrow == std::string::npos) bad(pattern, "The pattern must contain '->'.");
  Groups from = parse(pattern, pattern.substr(0, arrow)), to = parse(pattern, pattern.substr(arrow + 2));
  // An ellipsis stands for as many axes as are left.
  int64_t hidden = x.rank() - static_cast<int64_t>(from.size()) + 1;
  auto widen = [&](Groups& groups) {
    auto at = std::find(groups.begin(), groups.end(), std::vector<std::string>{"..."});
    if (at == groups.end()) return;
    if (hidden < 0) bad(pattern, "There are more axes in the pattern than in the tensor.");
    Groups more;
    for (int64_t i = 0; i < hidden; ++i) more.push_back({"..." + std::to_string(i)});
    at = groups.erase(at);
    groups.insert(at, more.begin(), more.end());
  };
  widen(from);
  widen(to);
  std::vector<std::string> given = flatten(pattern, from), wanted = flatten(pattern, to);
  {
    auto a = given, b = wanted;
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    if (a != b) bad(pattern, "Both sides must have the same names.");
  }
  Config lengths = Config::object();
  for (const auto& [name, length] : axes_lengths) lengths[name] = length;
  return composed_unary(
      "Rearrange", x,
      [=](const Tensor& x) {
        if (static_cast<int64_t>(from.size()) != x.rank())
          bad(pattern, "The left side must name the " + std::to_string(x.rank()) + " axes of the tensor.");
        std::map<std::string, int64_t> sizes(axes_lengths.begin(), axes_lengths.end());
        for (int64_t axis = 0; axis < x.rank(); ++axis) {
          int64_t known = 1;
          const std::string* unknown = nullptr;
          for (const std::string& name : from[axis]) {
            if (auto at = sizes.find(name); at != sizes.end())
              known *= at->second;
            else if (unknown)
              bad(pattern, "The sizes of '" + *unknown + "' and '" + name + "' are not given.");
            else
              unknown = &name;
          }
          int64_t size = x.shape()[axis];
          if (known <= 0 || size % known || (!unknown && size != known))
            bad(pattern, "An axis of size " + std::to_string(size) + " cannot be cut as the pattern says.");
          if (unknown) sizes[*unknown] = size / known;
        }
        Shape split, joined;
        for (const std::string& name : given) split.push_back(sizes[name]);
        std::vector<int64_t> permutation;
        for (const std::string& name : wanted)
          permutation.push_back(std::find(given.begin(), given.end(), name) - given.begin());
        for (const auto& group : to) {
          int64_t size = 1;
          for (const std::string& name : group) size *= sizes[name];
          joined.push_back(size);
        }
        Tensor y = reshape(x, split);
        if (!permutation.empty()) y = transpose(y, permutation);
        return trace::Trace::current()->lift(reshape(y, joined));
      },
      Config::object({{"pattern", pattern}, {"axes_lengths", lengths}}));
}

}  // namespace hornbeam::ops
