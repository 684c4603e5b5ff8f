package dev.tenon.kernel.guard;

import dev.tenon.spi.guard.Usage;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The accounts of all generations that are loaded. Thread-safe. */
public final class Accounts {
  private final Roll roll;
  private final Map<ClassLoader, Account> byLoader = new ConcurrentHashMap<>();
  private final Set<Account> open = ConcurrentHashMap.newKeySet();

  /** What is not a module's: plugs of the kernel's own. */
  private final Account kernel;

  Accounts(Roll roll) {
    this.roll = roll;
    this.kernel = new Account("kernel", "", roll);
  }

  /** Opens the account of a generation; {@link #close} ends it. */
  public Account open(String module, String version) {
    Account account = new Account(module, version, roll);
    open.add(account);
    return account;
  }

  /** The generation has a class loader from now on. */
  public void loaded(Account account, ClassLoader loader) {
    byLoader.put(loader, account);
  }

  /** The generation is given the connections that event loops serve: what they do outside of plugs is its work. */
  public void serves(Account account) {
    roll.host(account);
  }

  /** The generation is over: its class loader is let go. */
  public void close(Account account) {
    byLoader.values().removeIf(account::equals);
    if (account.equals(roll.host())) {
      roll.host(null);
    }
    if (open.remove(account)) {
      account.close();
    }
  }

  Account of(@Nullable ClassLoader loader) {
    return loader == null ? kernel : byLoader.getOrDefault(loader, kernel);
  }

  Set<Account> all() {
    return open;
  }

  List<Usage> usage() {
    return open.stream().map(Account::usage).sorted(Comparator.comparing(Usage::module)).toList();
  }

  Account kernel() {
    return kernel;
  }
}
