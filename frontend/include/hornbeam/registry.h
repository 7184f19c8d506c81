// Classes by their Keras names: how strings ("adam", "SparseCategoricalCrossentropy") and serialized objects
// ({"class_name": …, "config": …}) become objects. Each class registers itself with a static object in its .cc.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <typeinfo>
#include <vector>

#include <hornbeam/base/error.h>
#include <hornbeam/config.h>

namespace hornbeam {

// What kind of thing a class is; each has its own names.
enum class Kind : uint8_t { layer, loss, metric, optimizer, schedule, initializer, regularizer, constraint };

// Base classes name their kind with `static constexpr Kind kKind`.
namespace registry {

using Factory = std::function<std::shared_ptr<void>(const Config& config)>;  // of the kind's base class

// Every class is known by its class name, by snake_case of it, and by its aliases ("mse").
void add(Kind kind, const std::type_info& type, std::string class_name, std::string module,
         std::vector<std::string> aliases, Factory factory);
// From a name, or from {"module", "class_name", "config", "registered_name"}. Throws ValueError for an unknown name, with
// the nearest known one.
std::shared_ptr<void> create(Kind kind, const Config& identifier);
bool contains(Kind kind, const std::string& name);
std::vector<std::string> class_names(Kind kind);

// The registered name of a class, or its plain C++ name.
std::string class_name(const std::type_info& type);
// {"module", "class_name", "config", "registered_name"}, as keras.saving.serialize_keras_object.
Config serialize(const std::type_info& type, Config config);

std::string snake_case(const std::string& class_name);
// ", did you mean 'x'?" text for the nearest of `known`, or the list of all if none is near.
std::string suggest(const std::string& name, const std::vector<std::string>& known);

}  // namespace registry

// static const Register<Dense> registered{"Dense", "keras.layers"};
template <class T>
struct Register {
  Register(std::string class_name, std::string module, std::vector<std::string> aliases = {}) {
    registry::add(T::kKind, typeid(T), std::move(class_name), std::move(module), std::move(aliases),
                  [](const Config& config) -> std::shared_ptr<void> {
                    std::shared_ptr<typename T::Base> object = std::make_shared<T>(T::from_config(config));
                    return object;
                  });
  }
};

// For users' own classes: makes them loadable, saved as "Custom>Name". T needs `static T from_config(const Config&)`.
template <class T>
void register_layer(std::string class_name = registry::class_name(typeid(T))) {
  Register<T>(std::move(class_name), "");
}

// A shared value of a class of one kind: made from a concrete object, a name, a function (losses) or a serialized config;
// empty by default.
template <class B>
class Handle {
 public:
  Handle() = default;
  Handle(std::nullptr_t) {}
  Handle(std::nullopt_t) {}
  Handle(const char* name) : Handle(Config(name)) {}
  Handle(const std::string& name) : Handle(Config(name)) {}
  template <class T>
    requires std::derived_from<T, B>
  Handle(T object) : object_(std::make_shared<T>(std::move(object))) {}
  Handle(std::shared_ptr<B> object) : object_(std::move(object)) {}
  // A function, for kinds that can be made of one.
  template <class F>
    requires(!std::derived_from<F, B> && requires(F f) { B::from_function(std::move(f)); })
  Handle(F function) : object_(B::from_function(std::move(function))) {}
  explicit Handle(const Config& identifier) {
    if (!identifier.is_null()) object_ = std::static_pointer_cast<B>(registry::create(B::kKind, identifier));
  }

  bool valid() const { return object_ != nullptr; }
  explicit operator bool() const { return valid(); }
  B& operator*() const { return *object_; }
  B* operator->() const { return object_.get(); }
  const std::shared_ptr<B>& object() const { return object_; }

  // The serialized object; null if empty.
  Config config() const { return object_ ? registry::serialize(typeid(*object_), object_->config()) : Config(); }
  static Handle from_config(const Config& identifier) { return Handle(identifier); }

 private:
  std::shared_ptr<B> object_;
};

}  // namespace hornbeam
