// Running the program `hornbeam` as a user runs it.
#pragma once

#include <string>
#include <vector>

namespace hornbeam::cli_test {

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

// `before` is put in front of the program: a command that runs it, or variables of the environment.
Outcome run(const std::string& arguments, const std::string& before = "");

// Files of test/saving/data/models.
std::string model(const std::string& name);
std::string data(const std::string& name);

// A failure: this status, one line "error: …" with these words on stderr, nothing on stdout.
void expect_failure(const std::string& arguments, int status, const std::string& words);

std::string read_text(const std::string& path);

// A folder of a test's own, removed with what is in it at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::vector<std::string> files() const;  // names, sorted

 private:
  std::string path_;
};

}  // namespace hornbeam::cli_test
