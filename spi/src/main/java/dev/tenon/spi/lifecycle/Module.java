package dev.tenon.spi.lifecycle;

/**
 * A part of the mesh that is loaded, replaced and removed while traffic flows. A bundle's activator
 * registers one; the kernel walks it through its life: start → ready → warm → switch → drain → close.
 *
 * <p>A module keeps nothing in statics, thread-locals, shutdown hooks or threads of its own making
 * that outlive {@link Running#close()}.
 */
public interface Module {
  /** Names the module's section of the process's configuration, for example {@code proxy}. */
  String name();

  /**
   * Starts one generation, beside an older one if there is one. It may offer services at once: they
   * take effect at the switch. Called once, on a thread of the kernel's, with a deadline of 30 s.
   *
   * @throws Exception with a message for an operator; the kernel then closes what was opened through
   *     the context and what ran before goes on
   */
  Running start(ModuleContext context) throws Exception;
}
