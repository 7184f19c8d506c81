// What fit and callbacks tell the user: to stdout, or to stderr while interactive logging is disabled (settings.h).
#pragma once

#include <cstdio>
#include <string>

namespace hornbeam {

std::FILE* message_stream();
void print_message(const std::string& text);

}  // namespace hornbeam
