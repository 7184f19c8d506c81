// Data for a model from files: .npz, .npy, .csv, and the data sets that are installed on the machine.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <hornbeam/model.h>

namespace hornbeam::cli {

// How a command's data is given, beside its path or name.
struct DataOptions {
  std::vector<std::string> targets;  // columns of a .csv
  std::string folder;                // of a data set's files; empty: where the system's packages have it
};
void add_data_options(CLI::App& command, DataOptions& options);

// The text of a data option's help.
extern const char* const kSamplesHelp;

// Which part of a data set that has two, where the name does not say it ("fashion-mnist:test").
enum class Part : uint8_t { train, test };

// The model's inputs. In a .npz, arrays named by the inputs, or x0, x1, …, or x where there is one; a .npy or the
// columns of a .csv that are no targets for a model of one input. Throws IOError for what cannot be read, ValueError
// for what does not fit the model.
Arrays read_inputs(const Model& model, const std::string& data, const DataOptions& options = {});

// The same for inputs of these names, from a .npz or a .npy.
std::vector<Array> read_arrays(const std::vector<std::string>& names, const std::string& path);

struct Samples {
  Arrays x;
  Arrays y;
  Arrays sample_weight;  // empty where there are none
};

// Inputs as above and targets: in a .npz named by the outputs, or y0, y1, …, or y, and sample_weight; the target
// columns of a .csv; the labels of a data set.
Samples read_samples(const Model& model, const std::string& data, Part part, const DataOptions& options = {});

}  // namespace hornbeam::cli
