// EXPECT_ERROR(statement, Type, text): the statement throws this class of error, whose text has `text` in it.
#pragma once

#include <string>

#include <gtest/gtest.h>
#include <hornbeam/base/error.h>

#define EXPECT_ERROR(statement, Type, text)                                                                     \
  try {                                                                                                         \
    statement;                                                                                                  \
    ADD_FAILURE() << "no error, expected one with: " << text;                                                   \
  } catch (const Type& error) {                                                                                 \
    EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << "received: " << error.what();         \
  } catch (const hornbeam::Error& error) {                                                                      \
    ADD_FAILURE() << "another class of error: " << error.what();                                                \
  }
