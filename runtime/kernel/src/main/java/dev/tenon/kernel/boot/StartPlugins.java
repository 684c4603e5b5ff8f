package dev.tenon.kernel.boot;

/** When the distribution's plug-ins start, those without an activator that no profile names. */
enum StartPlugins {
  /** With the process. */
  AT_ONCE,

  /** When a module first asks for what they offer. */
  WHEN_ASKED
}
