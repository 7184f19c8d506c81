# The .mlir files here run as those of test/passes do.
import os

lit_config.load_config(config, os.path.join(os.path.dirname(__file__), "..", "passes", "lit.cfg.py"))
config.name = "codegen"
config.test_source_root = os.path.dirname(__file__)
