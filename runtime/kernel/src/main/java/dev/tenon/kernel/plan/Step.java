package dev.tenon.kernel.plan;

import java.util.Locale;

/** One thing to do, or not to do, to one module. Its text is what an operator reads. */
public sealed interface Step {
  /** The jar that it is about. */
  Given jar();

  /** The module's name. */
  default String module() {
    return jar().module();
  }

  /** One word: install, replace, remove, keep, refuse or pass. */
  default String action() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Nothing runs in its place. */
  record Install(Given jar) implements Step {
    @Override
    public String toString() {
      return "install " + jar.module() + " " + jar.build() + " from " + jar.file();
    }
  }

  /** Another build runs and serves until this one is ready. */
  record Replace(Given from, Given jar) implements Step {
    @Override
    public String toString() {
      return "replace " + jar.module() + " " + from.build() + " by " + jar.build() + " from " + jar.file();
    }
  }

  /** Its jar is gone or disabled, and nothing needs it. */
  record Remove(Given jar) implements Step {
    @Override
    public String toString() {
      return "remove " + jar.module() + " " + jar.build();
    }
  }

  /** Its jar is gone or disabled, but it is needed: it goes on from the kernel's copy. */
  record Keep(Given jar, String reason) implements Step {
    @Override
    public String toString() {
      return "keep " + jar.module() + " " + jar.build() + ": " + reason;
    }
  }

  /** It cannot run beside what else is wanted. */
  record Refuse(Given jar, String reason) implements Step {
    @Override
    public String toString() {
      return "refuse " + jar.module() + " " + jar.build() + " of " + jar.file() + ": " + reason;
    }
  }

  /** Another jar of the drop folder is preferred. */
  record Pass(Given jar, String reason) implements Step {
    @Override
    public String toString() {
      return "pass over " + jar.module() + " " + jar.build() + " of " + jar.file() + ": " + reason;
    }
  }
}
