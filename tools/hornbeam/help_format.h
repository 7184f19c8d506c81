// How help looks: one column of options, one of wrapped descriptions.
#pragma once

#include <memory>

#include <CLI/CLI.hpp>

namespace hornbeam::cli {

std::shared_ptr<CLI::Formatter> make_help_format();

}  // namespace hornbeam::cli
