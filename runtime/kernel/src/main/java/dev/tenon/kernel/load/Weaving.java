package dev.tenon.kernel.load;

import dev.tenon.kernel.guard.Account;
import dev.tenon.kernel.guard.Weaver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Weaves checkpoints into the classes of those bundles that are to have them, as they are loaded. */
final class Weaving implements WeavingHook {
  private static final Logger log = LoggerFactory.getLogger(Weaving.class);

  /** The package that woven classes see beside what they import. */
  static final String PACKAGE = "dev.tenon.kernel.checkpoint";

  private static final String IMPORT = PACKAGE + ";bundle-symbolic-name=system.bundle";
  private final Map<Bundle, Account> woven = new ConcurrentHashMap<>();

  void begin(Bundle bundle, Account account) {
    woven.put(bundle, account);
  }

  void end(Bundle bundle) {
    woven.remove(bundle);
  }

  @Override
  public void weave(WovenClass type) {
    Account account = woven.get(type.getBundleWiring().getBundle());
    if (account == null) {
      return;
    }
    byte[] before = type.getBytes();
    try {
      byte[] after = Weaver.weave(before, account.number());
      type.setBytes(after);
      type.getDynamicImports().add(IMPORT);
      account.wove(before.length, after.length);
    } catch (RuntimeException e) {
      log.warn("{} of {} has no checkpoints, so nothing ends it when it spins: {}", type.getClassName(), account.module(), e.toString());
    }
  }
}
