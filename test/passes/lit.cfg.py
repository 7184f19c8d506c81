# How lit runs the .mlir files here; the places of the tools come from CMakeLists.txt.
import os

import lit.formats

config.name = "passes"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = lit_config.params["output"]
config.substitutions.append(("hornbeam-opt", lit_config.params["opt"]))
config.substitutions.append(("FileCheck", os.path.join(lit_config.params["llvm_tools"], "FileCheck")))
