// A host graph as a message of the package, and back.
#pragma once

#include <hornbeam/runtime/host_graph.h>

#include "runtime/package/program.pb.h"

namespace hornbeam::runtime {

void put_host_graph(const HostGraph& graph, hornbeam_package::HostGraph& message);
// Throws ValueError for a graph that cannot be run.
HostGraph get_host_graph(const hornbeam_package::HostGraph& message);

}  // namespace hornbeam::runtime
