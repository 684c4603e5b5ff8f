package dev.tenon.kernel.boot;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.prove.Leak;
import dev.tenon.kernel.prove.Proof;

/** What the proof of unloading finds is an event. */
record Told(Journal journal) implements Proof.Witness {
  @Override
  public void gone(String module, String detail) {
    journal.note(module, "gone", detail);
  }

  @Override
  public void left(String module, String detail) {
    journal.trouble(module, "left", detail);
  }

  @Override
  public void leaked(Leak leak) {
    journal.trouble(leak.module(), "leaked", "the class loader of " + leak.build() + " is held: " + leak.text());
  }
}
