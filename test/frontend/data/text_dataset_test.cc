// text_dataset_from_directory, and strings on their way through a Dataset.
#include <hornbeam/data/text_dataset.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <hornbeam/base/strings.h>

#include "test/frontend/data/recorded_support.h"

namespace hornbeam {
namespace {

using data_test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

class TextDataset : public testing::Test {
 protected:
  TextDataset() : folder_(testing::TempDir() + "hornbeam_texts_" + std::to_string(getpid())) {
    for (const char* name : {"neg/a.txt", "neg/b.txt", "pos/a.txt"}) {
      std::filesystem::create_directories(std::filesystem::path(folder_ + "/" + name).parent_path());
      std::ofstream(folder_ + "/" + name) << "the text of " << name;
    }
    std::ofstream(folder_ + "/pos/a.md") << "no text file";
  }
  ~TextDataset() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(TextDataset, ReadsFilesAndLabels) {
  DirectoryDataset found = text_dataset_from_directory(folder_, {.batch_size = 2, .shuffle = false});
  EXPECT_THAT(found.class_names, ElementsAre("neg", "pos"));
  std::vector<Element> batches = found.dataset.to_vector();
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_THAT(strings_of(batches[0].x[0]), ElementsAre("the text of neg/a.txt", "the text of neg/b.txt"));
  EXPECT_THAT(strings_of(batches[1].x[0]), ElementsAre("the text of pos/a.txt"));
  EXPECT_EQ(batches[1].y[0].get_int(0), 1);
  Element first = *text_dataset_from_directory(folder_, {.max_length = 8, .shuffle = false}).dataset.begin();
  EXPECT_THAT(strings_of(first.x[0]), ElementsAre("the text", "the text", "the text"));
  EXPECT_THAT(error_of([&] { text_dataset_from_directory(folder_, {.max_length = 0}); }), HasSubstr("`max_length`"));
}

TEST_F(TextDataset, StringsPassThroughEveryStep) {
  Dataset rows = Dataset::from_arrays(strings({"a", "b", "c", "d", "e"}));
  auto texts = [](const Dataset& dataset) {
    std::vector<std::string> all;
    for (const Element& element : dataset)
      for (const std::string& text : strings_of(element.x[0])) all.push_back(text);
    return all;
  };
  EXPECT_THAT(texts(rows), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(texts(rows.batch(2)), ElementsAre("a", "b", "c", "d", "e"));
  Dataset mapped = rows.map([](Element e) { return Element{.x = strings(Shape(), {strings_of(e.x[0])[0] + "!"})}; });
  EXPECT_THAT(texts(mapped.batch(2)), ElementsAre("a!", "b!", "c!", "d!", "e!"));
  EXPECT_THAT(texts(mapped.batch(2).unbatch().skip(3)), ElementsAre("d!", "e!"));
  EXPECT_THAT(texts(rows.concatenate(mapped).batch(4)),
              ElementsAre("a", "b", "c", "d", "e", "a!", "b!", "c!", "d!", "e!"));
}

}  // namespace
}  // namespace hornbeam
