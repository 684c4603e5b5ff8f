package dev.tenon.kernel.plan;

/** One thing to do to one module. Its text is what an operator reads. */
public sealed interface Step {
  /** The module's name. */
  String module();

  /** Nothing of that name runs. */
  record Install(Given jar) implements Step {
    @Override
    public String module() {
      return jar.module();
    }

    @Override
    public String toString() {
      return "install " + jar.module() + " " + jar.build() + " from " + jar.file();
    }
  }

  /** Another build runs and serves until this one is ready. */
  record Replace(Given from, Given to) implements Step {
    @Override
    public String module() {
      return to.module();
    }

    @Override
    public String toString() {
      return "replace " + to.module() + " " + from.build() + " by " + to.build() + " from " + to.file();
    }
  }

  /** Its jar is gone and nothing needs it. */
  record Remove(Given jar) implements Step {
    @Override
    public String module() {
      return jar.module();
    }

    @Override
    public String toString() {
      return "remove " + jar.module() + " " + jar.build();
    }
  }

  /** Its jar is gone, but the profile needs it: it goes on from the kernel's copy. */
  record Keep(Given jar) implements Step {
    @Override
    public String module() {
      return jar.module();
    }

    @Override
    public String toString() {
      return "keep " + jar.module() + " " + jar.build()
          + ": its jar is gone, the profile needs it, and there is no other; give another jar to replace it";
    }
  }
}
