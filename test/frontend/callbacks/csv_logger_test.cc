// CSVLogger's file, byte for byte what Keras 3.15's class of this name wrote for the same logs.
#include <hornbeam/callbacks/csv_logger.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>
#include <hornbeam/base/error.h>

#include "test/support/temporary_folder.h"

namespace hornbeam::callbacks {
namespace {

class CSVLoggerTest : public testing::Test {
 protected:
  void run(CSVLoggerOptions options, const std::vector<Logs>& epochs) {
    options.filename = path_;
    CSVLogger logger(std::move(options));
    logger.on_train_begin({});
    for (size_t i = 0; i < epochs.size(); ++i) logger.on_epoch_end(static_cast<int64_t>(i), epochs[i]);
    logger.on_train_end({});
  }
  std::string text() const {
    std::ifstream file(path_, std::ios::binary);
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
  }

  test::TemporaryFolder folder_;
  std::string path_ = folder_ / "log.csv";
};

TEST_F(CSVLoggerTest, WritesALinePerEpoch) {
  run({}, {{{"loss", 0.5}, {"accuracy", 1e-5}}, {{"loss", std::nan("")}, {"accuracy", 1.0}}});
  EXPECT_EQ(text(), "epoch,accuracy,loss,val_accuracy,val_loss\r\n0,1e-05,0.5,NA,NA\r\n1,1.0,nan,NA,NA\r\n");
}

TEST_F(CSVLoggerTest, AppendsWithoutASecondHeader) {
  run({.append = true}, {{{"loss", 0.5}, {"val_loss", 0.25}}});
  run({.append = true}, {{{"loss", 2.0}, {"val_loss", 1e22}, {"a,b", std::numeric_limits<double>::infinity()}}});
  EXPECT_EQ(text(), "epoch,loss,val_loss\r\n0,0.5,0.25\r\n0,inf,2.0,1e+22\r\n");
}

TEST_F(CSVLoggerTest, StartsAnewWithoutAppend) {
  run({}, {{{"loss", 0.5}, {"val_loss", 0.25}}});
  run({}, {{{"loss", 1.5}, {"val_loss", 1.25}}});
  EXPECT_EQ(text(), "epoch,loss,val_loss\r\n0,1.5,1.25\r\n");
}

TEST_F(CSVLoggerTest, QuotesWhatNeedsIt) {
  run({.separator = "\t"}, {{{"loss", 0.1}, {"val_loss", 1e16}, {"say \"x\"", -0.0001}}, {{"loss", 1.0 / 3}}});
  EXPECT_EQ(text(),
            "epoch\tloss\t\"say \"\"x\"\"\"\tval_loss\r\n0\t0.1\t-0.0001\t1e+16\r\n1\t0.3333333333333333\tNA\tNA\r\n");
}

TEST_F(CSVLoggerTest, HasEachLineOnDiskWhenItsEpochEnds) {
  CSVLogger logger({.filename = path_, .separator = ";"});
  logger.on_train_begin({});
  logger.on_epoch_end(0, {{"loss", 0.1}, {"val_loss", 123456789.123}});
  EXPECT_EQ(text(), "epoch;loss;val_loss\r\n0;0.1;123456789.123\r\n");
}

std::string error_of(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(CSVLoggerTest, RejectsWhatCannotWork) {
  EXPECT_EQ(error_of([] { CSVLogger({}); }), "[CSVLogger] filename must be given. Received: \"\"");
  EXPECT_EQ(error_of([] { CSVLogger({.filename = "a.csv", .separator = "::"}); }),
            "[CSVLogger] separator must be one character. Received: separator=\"::\"");
  EXPECT_EQ(error_of([] { CSVLogger({.filename = "/no/such/folder/a.csv"}).on_train_begin({}); }),
            "[CSVLogger] cannot open '/no/such/folder/a.csv' for writing: No such file or directory");
}

}  // namespace
}  // namespace hornbeam::callbacks
