// Ops that repeat, roll, join and cut.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

#include <algorithm>
#include <numeric>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

Config axis_or_none(const std::optional<int64_t>& axis) { return Config::object({{"axis", axis}}); }

Tensor roll_axis(const Tensor& x, int64_t shift, int64_t axis) {
  int64_t n = x.shape()[axis];
  if (n == 0 || (shift = (shift % n + n) % n) == 0) return x;
  return concatenate({part(x, axis, n - shift, n), part(x, axis, 0, n - shift)}, axis);
}

Tensor at_least(const Tensor& x, int64_t rank) {
  Shape shape = x.shape();
  while (shape.rank() < rank)
    shape = Shape([&] {
      List dims = shape.dims();
      dims.insert(dims.begin(), 1);
      return dims;
    }());
  return reshape(x, shape);
}

// Pieces between the cuts, which are positions in order; Python's rule for those beyond the end.
Xs cut(const Tensor& x, const List& cuts, int64_t axis) {
  int64_t n = x.shape()[axis], from = 0;
  Xs parts;
  auto place = [n](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + n : at, 0, n); };
  for (int64_t at : cuts) {
    int64_t to = place(at);
    parts.push_back(part(x, axis, std::min(from, to), to));
    from = to;
  }
  parts.push_back(part(x, axis, from, n));
  return parts;
}

Config split_arguments(const Config& sections, int64_t axis) {
  return Config::object({{"indices_or_sections", sections}, {"axis", axis}});
}

int64_t columns_axis(const Tensor& x) { return x.rank() == 1 ? 0 : 1; }

}  // namespace

Tensor tile(const Tensor& x, std::vector<int64_t> repeats) {
  return composed_unary(
      "Tile", x,
      [repeats](const Tensor& x) {
        List times = repeats, dims = x.shape().dims();
        if (times.size() < dims.size()) times.insert(times.begin(), dims.size() - times.size(), 1);
        if (dims.size() < times.size()) dims.insert(dims.begin(), times.size() - dims.size(), 1);
        Shape split, repeated, joined;
        for (size_t i = 0; i < dims.size(); ++i) {
          split.push_back(1), split.push_back(dims[i]);
          repeated.push_back(times[i]), repeated.push_back(dims[i]);
          joined.push_back(times[i] * dims[i]);
        }
        return reshape(to_shape(reshape(x, split), repeated), joined);
      },
      Config::object({{"repeats", repeats}}));
}

Tensor repeat(const Tensor& x, int64_t repeats, std::optional<int64_t> axis) {
  if (repeats < 0)
    throw ValueError("[repeat] repeats must not be negative. Received: repeats=" + std::to_string(repeats));
  return composed_unary(
      "Repeat", x,
      [=](const Tensor& x) {
        Tensor in = axis ? x : ravel(x);
        int64_t along = axis ? canonical_axis(*axis, in.rank(), "repeat") : 0;
        List wide = in.shape().dims(), joined = wide;
        wide.insert(wide.begin() + along + 1, repeats);
        joined[along] *= repeats;
        return reshape(to_shape(expand_dims(in, along + 1), Shape(wide)), Shape(joined));
      },
      Config::object({{"repeats", repeats}, {"axis", axis}}));
}

Tensor repeat(const Tensor& x, std::vector<int64_t> repeats, std::optional<int64_t> axis) {
  if (repeats.size() == 1) return repeat(x, repeats[0], axis);
  return composed_unary(
      "Repeat", x,
      [=](const Tensor& x) {
        Tensor in = axis ? x : ravel(x);
        int64_t along = axis ? canonical_axis(*axis, in.rank(), "repeat") : 0;
        if (static_cast<int64_t>(repeats.size()) != in.shape()[along])
          throw ValueError("[repeat] repeats must have one number for each of the " +
                           std::to_string(in.shape()[along]) +
                           " elements of the axis. Received: " + std::to_string(repeats.size()));
        List places;
        for (size_t i = 0; i < repeats.size(); ++i) {
          if (repeats[i] < 0)
            throw ValueError("[repeat] repeats must not be negative. Received: " + std::to_string(repeats[i]));
          places.insert(places.end(), repeats[i], static_cast<int64_t>(i));
        }
        return take(in, indices(places), along);
      },
      Config::object({{"repeats", repeats}, {"axis", axis}}));
}

Tensor roll(const Tensor& x, std::vector<int64_t> shift, Axes axis) {
  Config arguments = Config::object({{"shift", shift}, {"axis", axis.all() ? Config() : Config(axis.given())}});
  return composed_unary(
      "Roll", x,
      [=](const Tensor& x) {
        List shifts = shift;
        if (axis.all()) {
          if (shifts.size() != 1) throw ValueError("[roll] Without an axis there must be one shift.");
          return reshape(roll_axis(ravel(x), shifts[0], 0), x.shape());
        }
        if (shifts.size() == 1) shifts.assign(axis.given().size(), shifts[0]);
        if (shifts.size() != axis.given().size())
          throw ValueError(
              "[roll] There must be one shift, or one for each axis. Received: " + std::to_string(shifts.size()) +
              " shifts for " + std::to_string(axis.given().size()) + " axes");
        Tensor y = x;
        for (size_t i = 0; i < shifts.size(); ++i)
          y = roll_axis(y, shifts[i], canonical_axis(axis.given()[i], x.rank(), "roll"));
        return y;
      },
      arguments);
}

Tensor rot90(const Tensor& x, int64_t k, std::pair<int64_t, int64_t> axes) {
  Config arguments = Config::object({{"k", k}, {"axes", Config::array({axes.first, axes.second})}});
  return composed_unary(
      "Rot90", x,
      [=](const Tensor& x) {
        if (x.rank() < 2)
          throw ValueError("[rot90] At least two axes are needed. Received: x.shape=" + x.shape().to_string());
        int64_t a = canonical_axis(axes.first, x.rank(), "rot90"), b = canonical_axis(axes.second, x.rank(), "rot90");
        if (a == b)
          throw ValueError("[rot90] The two axes must differ. Received: axes=(" + std::to_string(axes.first) + ", " +
                           std::to_string(axes.second) + ")");
        switch ((k % 4 + 4) % 4) {
          case 1: return swapaxes(flip(x, b), a, b);
          case 2: return flip(x, {a, b});
          case 3: return flip(swapaxes(x, a, b), b);
          default: return trace::Trace::current()->lift(x);
        }
      },
      arguments);
}

Tensor fliplr(const Tensor& x) { return flip(x, 1); }
Tensor flipud(const Tensor& x) { return flip(x, 0); }

Tensor append(const Tensor& x1, const Tensor& x2, std::optional<int64_t> axis) {
  return composed_binary(
      "Append", x1, x2,
      [axis](const Tensor& x1, const Tensor& x2) {
        return axis ? concatenate({x1, x2}, *axis) : concatenate({ravel(x1), ravel(x2)}, 0);
      },
      axis_or_none(axis));
}
Tensor hstack(const std::vector<Tensor>& xs) {
  return apply("Hstack", xs, Config::object(), [](const Xs& xs) {
    Xs all;
    for (const Tensor& x : xs) all.push_back(at_least(x, 1));
    return concatenate(all, columns_axis(all.at(0)));
  });
}
Tensor vstack(const std::vector<Tensor>& xs) {
  return apply("Vstack", xs, Config::object(), [](const Xs& xs) {
    Xs all;
    for (const Tensor& x : xs) all.push_back(at_least(x, 2));
    return concatenate(all, 0);
  });
}
Tensor dstack(const std::vector<Tensor>& xs) {
  return apply("Dstack", xs, Config::object(), [](const Xs& xs) {
    Xs all;
    for (const Tensor& x : xs) {
      Tensor wide = at_least(x, 2);
      all.push_back(wide.rank() == 2 ? expand_dims(wide, 2) : wide);
    }
    return concatenate(all, 2);
  });
}

std::vector<Tensor> unstack(const Tensor& x, std::optional<int64_t> num, int64_t axis) {
  return apply_many("Unstack", {x}, Config::object({{"num", num}, {"axis", axis}}), [=](const Xs& x) {
    int64_t along = canonical_axis(axis, x[0].rank(), "unstack"), n = x[0].shape()[along];
    if (num && *num != n)
      throw ValueError("[unstack] num must be the size of the axis, " + std::to_string(n) +
                       ". Received: num=" + std::to_string(*num));
    Xs parts;
    for (int64_t i = 0; i < n; ++i) parts.push_back(squeeze(part(x[0], along, i, i + 1), along));
    return parts;
  });
}

std::vector<Tensor> split(const Tensor& x, std::vector<int64_t> indices, int64_t axis) {
  return apply_many("Split", {x}, split_arguments(indices, axis),
                    [=](const Xs& x) { return cut(x[0], indices, canonical_axis(axis, x[0].rank(), "split")); });
}
std::vector<Tensor> array_split(const Tensor& x, int64_t sections, int64_t axis) {
  if (sections <= 0)
    throw ValueError("[array_split] The number of sections must be positive. Received: " + std::to_string(sections));
  return apply_many("ArraySplit", {x}, split_arguments(sections, axis), [=](const Xs& x) {
    int64_t along = canonical_axis(axis, x[0].rank(), "array_split"), n = x[0].shape()[along];
    List cuts;
    for (int64_t i = 1, at = 0; i < sections; ++i) cuts.push_back(at += n / sections + (i <= n % sections));
    return cut(x[0], cuts, along);
  });
}
std::vector<Tensor> hsplit(const Tensor& x, int64_t sections) { return split(x, sections, columns_axis(x)); }
std::vector<Tensor> vsplit(const Tensor& x, int64_t sections) { return split(x, sections, 0); }
std::vector<Tensor> dsplit(const Tensor& x, int64_t sections) { return split(x, sections, 2); }
std::vector<Tensor> hsplit(const Tensor& x, std::vector<int64_t> indices) {
  return split(x, std::move(indices), columns_axis(x));
}
std::vector<Tensor> vsplit(const Tensor& x, std::vector<int64_t> indices) { return split(x, std::move(indices), 0); }
std::vector<Tensor> dsplit(const Tensor& x, std::vector<int64_t> indices) { return split(x, std::move(indices), 2); }

Tensor moveaxis(const Tensor& x, std::vector<int64_t> source, std::vector<int64_t> destination) {
  Config arguments = Config::object({{"source", source}, {"destination", destination}});
  return composed_unary(
      "Moveaxis", x,
      [=](const Tensor& x) {
        int64_t rank = x.rank();
        if (source.size() != destination.size())
          throw ValueError("[moveaxis] source and destination must have the same length. Received: " +
                           std::to_string(source.size()) + " and " + std::to_string(destination.size()));
        canonical_axes(source, rank, "moveaxis");
        canonical_axes(destination, rank, "moveaxis");
        List permutation(rank, -1), rest;
        std::vector<bool> moved(rank, false);
        for (size_t i = 0; i < source.size(); ++i) {
          int64_t from = canonical_axis(source[i], rank, "moveaxis");
          permutation[canonical_axis(destination[i], rank, "moveaxis")] = from;
          moved[from] = true;
        }
        int64_t next = 0;
        for (int64_t& axis : permutation) {
          if (axis >= 0) continue;
          while (moved[next]) ++next;
          axis = next++;
        }
        return transpose(x, permutation);
      },
      arguments);
}

Tensor depth_to_space(const Tensor& x, int64_t block_size, const std::string& data_format) {
  bool first = data_format == "channels_first";
  return composed_unary(
      "DepthToSpace", x,
      [=](const Tensor& x) {
        Tensor in = first ? moveaxis(x, 1, -1) : x;
        if (in.rank() != 4 || block_size < 1 || in.shape()[3] % (block_size * block_size))
          throw ValueError(
              "[depth_to_space] x must have four axes and a number of channels that block_size^2 divides. Received: "
              "x.shape=" +
              x.shape().to_string() + ", block_size=" + std::to_string(block_size));
        int64_t n = in.shape()[0], h = in.shape()[1], w = in.shape()[2], b = block_size;
        Tensor y = transpose(reshape(in, {n, h, w, b, b, in.shape()[3] / (b * b)}), {0, 1, 3, 2, 4, 5});
        y = reshape(y, {n, h * b, w * b, in.shape()[3] / (b * b)});
        return first ? moveaxis(y, -1, 1) : y;
      },
      Config::object({{"block_size", block_size}, {"data_format", data_format}}));
}
Tensor space_to_depth(const Tensor& x, int64_t block_size, const std::string& data_format) {
  bool first = data_format == "channels_first";
  return composed_unary(
      "SpaceToDepth", x,
      [=](const Tensor& x) {
        Tensor in = first ? moveaxis(x, 1, -1) : x;
        if (in.rank() != 4 || block_size < 1 || in.shape()[1] % block_size || in.shape()[2] % block_size)
          throw ValueError(
              "[space_to_depth] x must have four axes, and block_size must divide height and width. Received: "
              "x.shape=" +
              x.shape().to_string() + ", block_size=" + std::to_string(block_size));
        int64_t n = in.shape()[0], h = in.shape()[1], w = in.shape()[2], c = in.shape()[3], b = block_size;
        Tensor y = transpose(reshape(in, {n, h / b, b, w / b, b, c}), {0, 1, 3, 2, 4, 5});
        y = reshape(y, {n, h / b, w / b, b * b * c});
        return first ? moveaxis(y, -1, 1) : y;
      },
      Config::object({{"block_size", block_size}, {"data_format", data_format}}));
}

Tensor extract_sequences(const Tensor& x, int64_t sequence_length, int64_t sequence_stride) {
  return composed_unary(
      "ExtractSequences", x,
      [=](const Tensor& x) {
        int64_t n = x.rank() ? x.shape()[-1] : 0;
        if (sequence_length < 1 || sequence_stride < 1 || n < sequence_length)
          throw ValueError(
              "[extract_sequences] sequence_length and sequence_stride must be positive and fit the last axis. "
              "Received: x.shape=" +
              x.shape().to_string() + ", sequence_length=" + std::to_string(sequence_length) +
              ", sequence_stride=" + std::to_string(sequence_stride));
        int64_t count = (n - sequence_length) / sequence_stride + 1;
        // Column j of the windows is every sequence_stride-th element from j on.
        Xs columns;
        if (sequence_length <= count) {
          for (int64_t j = 0; j < sequence_length; ++j)
            columns.push_back(part(x, x.rank() - 1, j, j + (count - 1) * sequence_stride + 1, sequence_stride));
          return stack(columns, -1);
        }
        for (int64_t i = 0; i < count; ++i)
          columns.push_back(part(x, x.rank() - 1, i * sequence_stride, i * sequence_stride + sequence_length));
        return stack(columns, -2);
      },
      Config::object({{"sequence_length", sequence_length}, {"sequence_stride", sequence_stride}}));
}

}  // namespace hornbeam::ops
