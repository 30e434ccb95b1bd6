// SPDX-License-Identifier: Apache-2.0
//
// The only file that includes libsecret. No prompt, by four rules: our SecretService refuses each
// (but see SilentPrompts);
// search never unlocks; `Locked` is read before anything is created; secret_service_lookup, _store
// and _clear, which unlock by themselves, are never called (secret-methods.c, 0.20.5). The
// connection is our own: unlike GIO's shared one it does not end the process when the bus goes
// away, and it can be dropped with all proxies that are bound to a dead provider.
#include "keyring_session.hpp"

#include "secret_service_rules.hpp"

#include <libsecret/secret.h>

#include <fstream>
#include <string_view>
#include <utility>

namespace hfauth::store {
namespace {

using secret_service::ForeignError;
using secret_service::Stage;

constexpr const char* kBusName = "org.freedesktop.secrets";
constexpr const char* kLayoutVersion = "1";

/// Identity alone; everything that changes stands in the secret. Our own marker instead of the
/// schema's name, because a match by xdg:schema fails on a cold locked keyring.
const SecretSchema kSchema = {"org.hfauth.Token",
                              SECRET_SCHEMA_DONT_MATCH_NAME,
                              {{"hfauth", SECRET_SCHEMA_ATTRIBUTE_STRING},
                               {"profile", SECRET_SCHEMA_ATTRIBUTE_STRING},
                               {"endpoint", SECRET_SCHEMA_ATTRIBUTE_STRING},
                               {"kind", SECRET_SCHEMA_ATTRIBUTE_STRING},
                               {nullptr, SECRET_SCHEMA_ATTRIBUTE_STRING}},
                              0,
                              nullptr,
                              nullptr,
                              nullptr,
                              nullptr,
                              nullptr,
                              nullptr,
                              nullptr};

struct HashTableUnref {
  void operator()(GHashTable* table) const noexcept { g_hash_table_unref(table); }
};

struct SecretValueUnref {
  void operator()(SecretValue* value) const noexcept { secret_value_unref(value); }
};

struct GFree {
  void operator()(gpointer memory) const noexcept { g_free(memory); }
};

struct VariantUnref {
  void operator()(GVariant* variant) const noexcept { g_variant_unref(variant); }
};

using Attributes = std::unique_ptr<GHashTable, HashTableUnref>;

Error translate(GError* raw, Stage stage) {
  ForeignError foreign;
  if (raw == nullptr) {
    foreign.message = "no reason given";
  } else {
    const std::unique_ptr<gchar, GFree> remote(g_dbus_error_get_remote_error(raw));
    foreign.remote_name = remote ? remote.get() : "";
    g_dbus_error_strip_remote_error(raw);
    foreign.domain = g_quark_to_string(raw->domain);
    foreign.code = raw->code;
    foreign.message = raw->message;
    g_error_free(raw);
  }
  return secret_service::translate(foreign, stage);
}

constexpr const char* kSilentPrompts = "hfauth-silent-prompts";

/// While one lives, the service goes through with prompts. KeePassXC (2.7, FdoSecrets) makes and
/// removes items by a prompt object even where there is nothing to ask: the collection is open, no
/// item is overwritten. Where its user wants to be asked before a removal, the deadline ends it.
class SilentPrompts {
 public:
  SilentPrompts(GDBusProxy* service, bool wanted) : service_(wanted ? service : nullptr) {
    set(GINT_TO_POINTER(1));
  }

  ~SilentPrompts() { set(nullptr); }

  SilentPrompts(const SilentPrompts&) = delete;
  SilentPrompts& operator=(const SilentPrompts&) = delete;

 private:
  void set(gpointer value) const {
    if (service_ != nullptr) g_object_set_data(G_OBJECT(service_), kSilentPrompts, value);
  }

  GDBusProxy* service_;
};

void on_silent_prompt(GObject* prompt, GAsyncResult* result, gpointer data) {
  const GObjectPtr<GTask> task(static_cast<GTask*>(data));
  GError* error = nullptr;
  GVariant* const value = secret_prompt_perform_finish(SECRET_PROMPT(prompt), result, &error);
  if (error != nullptr) {
    g_task_return_error(task.get(), error);
  } else {
    g_task_return_pointer(task.get(), value,
                          [](gpointer unused) { g_variant_unref(static_cast<GVariant*>(unused)); });
  }
}

// A SecretService that answers every prompt with "not supported" and dismisses it, so that nothing
// is ever shown.

void refuse_prompt(SecretService* self, SecretPrompt* prompt, const GVariantType* type,
                   GCancellable* cancellable, GAsyncReadyCallback done, gpointer data) {
  if (g_object_get_data(G_OBJECT(self), kSilentPrompts) != nullptr) {
    secret_prompt_perform(prompt, "", type, cancellable, on_silent_prompt,
                          g_task_new(self, cancellable, done, data));
    return;
  }
  g_dbus_proxy_call(G_DBUS_PROXY(prompt), "Dismiss", nullptr, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                    nullptr, nullptr, nullptr);
  GTask* const task = g_task_new(self, cancellable, done, data);
  g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "a prompt was refused");
  g_object_unref(task);
}

GVariant* refuse_prompt_sync(SecretService* /*self*/, SecretPrompt* /*prompt*/,
                             GCancellable* /*cancellable*/, const GVariantType* /*type*/,
                             GError** error) {
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "a prompt was refused");
  return nullptr;
}

GVariant* finish_refused_prompt(SecretService* /*self*/, GAsyncResult* result, GError** error) {
  return static_cast<GVariant*>(g_task_propagate_pointer(G_TASK(result), error));
}

/// The parent's constructor insists on GIO's shared session connection and on
/// SECRET_SERVICE_BUS_NAME: put both right while the object is still under construction. The name
/// only if it is another one, because GDBusProxy forgets to free the one before.
GObject* construct_on_own_connection(GType type, guint n_properties,
                                     GObjectConstructParam* properties) {
  auto* const parent = static_cast<GObjectClass*>(g_type_class_peek(SECRET_TYPE_SERVICE));
  GObject* const object = parent->constructor(type, n_properties, properties);
  g_object_set(object, "g-bus-type", G_BUS_TYPE_NONE, nullptr);
  if (g_strcmp0(g_dbus_proxy_get_name(G_DBUS_PROXY(object)), kBusName) != 0)
    g_object_set(object, "g-name", kBusName, nullptr);
  return object;
}

void init_promptless_class(gpointer type_class, gpointer /*data*/) {
  static_cast<GObjectClass*>(type_class)->constructor = construct_on_own_connection;
  auto* const service_class = static_cast<SecretServiceClass*>(type_class);
  service_class->prompt_async = refuse_prompt;
  service_class->prompt_sync = refuse_prompt_sync;
  service_class->prompt_finish = finish_refused_prompt;
}

GType promptless_service_type() {
  static const GType type = g_type_register_static_simple(
      SECRET_TYPE_SERVICE, "HfauthPromptlessService", sizeof(SecretServiceClass),
      init_promptless_class, sizeof(SecretService), nullptr, GTypeFlags(0));
  return type;
}

Attributes attributes_of_all() {
  Attributes attributes(g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free));
  g_hash_table_insert(attributes.get(), g_strdup("hfauth"), g_strdup(kLayoutVersion));
  return attributes;
}

Attributes attributes_of_profile(const std::string& profile) {
  Attributes attributes = attributes_of_all();
  g_hash_table_insert(attributes.get(), g_strdup("profile"), g_strdup(profile.c_str()));
  return attributes;
}

Attributes attributes_of_record(const token::TokenFacts& facts) {
  Attributes attributes = attributes_of_profile(facts.profile.str());
  g_hash_table_insert(attributes.get(), g_strdup("endpoint"),
                      g_strdup(facts.endpoint.url().c_str()));
  g_hash_table_insert(attributes.get(), g_strdup("kind"), g_strdup("access"));
  return attributes;
}

SecretService* as_service(const GObjectPtr<GDBusProxy>& proxy) {
  return SECRET_SERVICE(proxy.get());
}

/// "" if there is no such attribute.
std::string attribute_of(SecretItem* item, const char* name) {
  const Attributes attributes(secret_item_get_attributes(item));
  const void* const value = attributes ? g_hash_table_lookup(attributes.get(), name) : nullptr;
  return value != nullptr ? static_cast<const char*>(value) : "";
}

/// The loaded secret; empty if the provider gave none.
Secret document_of(SecretItem* item) {
  const std::unique_ptr<SecretValue, SecretValueUnref> value(secret_item_get_secret(item));
  if (!value) {
    return {};
  }
  gsize size = 0;
  const gchar* const bytes = secret_value_get(value.get(), &size);
  return Secret::copy_of({bytes, size});
}

Result<KeyringItems> search(GioCall& call, SecretService* service, const Attributes& attributes) {
  const auto found = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    secret_service_search(service, &kSchema, attributes.get(), SECRET_SEARCH_ALL,
                          call.cancellable(), done, data);
  });
  if (!found) {
    return found.error();
  }
  GError* error = nullptr;
  GList* const list = secret_service_search_finish(service, found->get(), &error);
  KeyringItems items;
  for (GList* link = list; link != nullptr; link = link->next) {
    SecretItem* const item = SECRET_ITEM(link->data);
    items.push_back({.proxy = GObjectPtr<GDBusProxy>(G_DBUS_PROXY(item)),
                     .path = g_dbus_proxy_get_object_path(G_DBUS_PROXY(item)),
                     .profile = attribute_of(item, "profile"),
                     .locked = secret_item_get_locked(item) != FALSE});
  }
  g_list_free(list);
  if (error != nullptr) {
    return translate(error, Stage::call);
  }
  return items;
}

/// Name of the program with this process id, "" if unknown. argv[0], because `comm` is cut at 15
/// bytes.
std::string program_name(guint32 pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
  std::string name;
  std::getline(file, name, '\0');
  return name.substr(name.rfind('/') + 1);
}

Error no_default_collection() {
  return {Errc::store_unavailable,
          "the keyring has no default collection: log in to the desktop once, or create one"};
}

}  // namespace

Result<std::unique_ptr<KeyringSession>> KeyringSession::open(GioCall& call,
                                                             const std::string& address) {
  std::unique_ptr<KeyringSession> session(new KeyringSession);
  const auto flags = static_cast<GDBusConnectionFlags>(
      static_cast<unsigned>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT) |
      static_cast<unsigned>(G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION));
  const auto connected = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    g_dbus_connection_new_for_address(address.c_str(), flags, nullptr, call.cancellable(), done,
                                      data);
  });
  if (!connected) {
    return connected.error();
  }
  GError* error = nullptr;
  session->connection_.reset(g_dbus_connection_new_for_address_finish(connected->get(), &error));
  if (!session->connection_) {
    return translate(error, Stage::connect);
  }
  g_dbus_connection_set_exit_on_close(session->connection_.get(), FALSE);

  const auto opened = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    g_async_initable_new_async(promptless_service_type(), G_PRIORITY_DEFAULT, call.cancellable(),
                               done, data, "g-connection", session->connection_.get(), "flags",
                               SECRET_SERVICE_OPEN_SESSION, nullptr);
  });
  if (!opened) {
    return opened.error();
  }
  session->service_.reset(
      reinterpret_cast<GDBusProxy*>(secret_service_open_finish(opened->get(), &error)));
  if (!session->service_) {
    return translate(error, Stage::call);
  }
  const std::unique_ptr<gchar, GFree> owner(g_dbus_proxy_get_name_owner(session->service_.get()));
  session->owner_ = owner ? owner.get() : "";
  const Result<std::string> provider = session->provider(call);
  session->makes_items_by_prompt_ = provider && *provider == "keepassxc";
  return session;
}

Result<KeyringCollection> KeyringSession::default_collection(GioCall& call) const {
  const auto found = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    secret_collection_for_alias(as_service(service_), SECRET_COLLECTION_DEFAULT,
                                SECRET_COLLECTION_NONE, call.cancellable(), done, data);
  });
  if (!found) {
    return found.error();
  }
  GError* error = nullptr;
  GObjectPtr<SecretCollection> collection(secret_collection_for_alias_finish(found->get(), &error));
  if (collection) {
    const std::unique_ptr<gchar, GFree> label(secret_collection_get_label(collection.get()));
    const bool locked = secret_collection_get_locked(collection.get()) != FALSE;
    return KeyringCollection{.proxy = GObjectPtr<GDBusProxy>(G_DBUS_PROXY(collection.release())),
                             .label = label ? label.get() : "",
                             .locked = locked};
  }
  const bool nothing_there = error == nullptr ||
                             g_error_matches(error, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) ||
                             g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
                             g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
  if (nothing_there) {
    g_clear_error(&error);
    return no_default_collection();
  }
  return translate(error, Stage::call);
}

Result<std::vector<Secret>> KeyringSession::load(GioCall& call, const KeyringItems& items) const {
  GList* list = nullptr;
  for (const KeyringItem& item : items) {
    list = g_list_prepend(list, item.proxy.get());
  }
  const auto loaded = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    secret_item_load_secrets(list, call.cancellable(), done, data);
  });
  g_list_free(list);
  if (!loaded) {
    return loaded.error();
  }
  GError* error = nullptr;
  if (secret_item_load_secrets_finish(loaded->get(), &error) == FALSE) {
    return translate(error, Stage::call);
  }
  std::vector<Secret> documents;
  documents.reserve(items.size());
  for (const KeyringItem& item : items) {
    documents.push_back(document_of(SECRET_ITEM(item.proxy.get())));
  }
  return documents;
}

Result<std::string> KeyringSession::create(GioCall& call, const KeyringCollection& collection,
                                           const token::TokenFacts& facts,
                                           const Secret& document) const {
  const std::unique_ptr<SecretValue, SecretValueUnref> value(secret_value_new(
      document.expose().data(), static_cast<gssize>(document.size()), "application/json"));
  const std::string label = "Hugging Face token — " + facts.profile.str();
  const Attributes attributes = attributes_of_record(facts);
  const SilentPrompts silent(service_.get(), makes_items_by_prompt_);
  const auto created = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    secret_item_create(SECRET_COLLECTION(collection.proxy.get()), &kSchema, attributes.get(),
                       label.c_str(), value.get(), SECRET_ITEM_CREATE_NONE, call.cancellable(),
                       done, data);
  });
  if (!created) {
    return created.error();
  }
  GError* error = nullptr;
  const GObjectPtr<SecretItem> item(secret_item_create_finish(created->get(), &error));
  if (!item) {
    return translate(error, Stage::call);
  }
  return std::string(g_dbus_proxy_get_object_path(G_DBUS_PROXY(item.get())));
}

Result<void> KeyringSession::erase(GioCall& call, const KeyringItem& item) const {
  const SilentPrompts silent(service_.get(), makes_items_by_prompt_);
  const auto erased = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    secret_item_delete(SECRET_ITEM(item.proxy.get()), call.cancellable(), done, data);
  });
  if (!erased) {
    return erased.error();
  }
  GError* error = nullptr;
  if (secret_item_delete_finish(SECRET_ITEM(item.proxy.get()), erased->get(), &error) == FALSE) {
    return translate(error, Stage::call);
  }
  return {};
}

Result<void> KeyringSession::unlock(GioCall& call, const KeyringCollection& collection) const {
  GList* const objects = g_list_prepend(nullptr, collection.proxy.get());
  const auto unlocked = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    secret_service_unlock(as_service(service_), objects, call.cancellable(), done, data);
  });
  g_list_free(objects);
  if (!unlocked) {
    return unlocked.error();
  }
  GError* error = nullptr;
  secret_service_unlock_finish(as_service(service_), unlocked->get(), nullptr, &error);
  if (error != nullptr) {
    return translate(error, Stage::call);
  }
  return {};
}

Result<std::string> KeyringSession::provider(GioCall& call) const {
  const auto asked = call.wait([&](GAsyncReadyCallback done, gpointer data) {
    g_dbus_connection_call(connection_.get(), "org.freedesktop.DBus", "/org/freedesktop/DBus",
                           "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                           g_variant_new("(s)", kBusName), G_VARIANT_TYPE("(u)"),
                           G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, call.cancellable(), done, data);
  });
  if (!asked) {
    return asked.error();
  }
  GError* error = nullptr;
  const std::unique_ptr<GVariant, VariantUnref> reply(
      g_dbus_connection_call_finish(connection_.get(), asked->get(), &error));
  if (!reply) {
    return translate(error, Stage::call);
  }
  guint32 pid = 0;
  g_variant_get(reply.get(), "(u)", &pid);
  return program_name(pid);
}

bool KeyringSession::is_current() const {
  const std::unique_ptr<gchar, GFree> owner(g_dbus_proxy_get_name_owner(service_.get()));
  return owner && owner_ == owner.get() && g_dbus_connection_is_closed(connection_.get()) == FALSE;
}

bool KeyringSession::is_replaced() const {
  const std::unique_ptr<gchar, GFree> owner(g_dbus_proxy_get_name_owner(service_.get()));
  return owner && owner_ != owner.get();
}

bool KeyringSession::is_plain() const {
  const gchar* const algorithms = secret_service_get_session_algorithms(as_service(service_));
  return algorithms == nullptr || std::string_view(algorithms) == "plain";
}

Result<KeyringItems> KeyringSession::find_all(GioCall& call) const {
  return search(call, as_service(service_), attributes_of_all());
}

Result<KeyringItems> KeyringSession::find(GioCall& call, const std::string& profile) const {
  return search(call, as_service(service_), attributes_of_profile(profile));
}

}  // namespace hfauth::store
