// The data given to fit, evaluate and predict: checked, brought into the order of the model's inputs and outputs, and
// never copied except where a column of ranks has to be made (class weights).
#pragma once

#include <map>
#include <string>
#include <vector>

#include <hornbeam/model.h>

#include "frontend/src/trace/jobs.h"

namespace hornbeam {

struct Data {
  Arrays x;                    // in the structure that the model is called with
  std::vector<Array> y;        // by output
  std::vector<Array> weights;  // by output; one may be not valid
  int64_t rows = 0;

  BatchSpec spec(int64_t batch_size) const;
  std::vector<Array> arrays() const;  // x, y, weights that are there: in the order of a job's inputs
  Data slice(int64_t begin, int64_t end) const;
};

// Throws ValueError for empty data, unequal numbers of rows, and names that are no inputs or outputs of the model.
Data make_data(const Model& model, const char* job, const Arrays& x, const Arrays& y, const Arrays& sample_weight);

// Sample weights from the classes of y (integers, or the largest of one-hot rows). Only for one output.
void add_class_weight(Data& data, const std::map<int64_t, double>& class_weight);

// Throws ValueError if an integer target of a sparse crossentropy is not a class of its output.
void check_labels(const Data& data, const Training& training, const std::vector<trace::Spec>& y_pred);

}  // namespace hornbeam
