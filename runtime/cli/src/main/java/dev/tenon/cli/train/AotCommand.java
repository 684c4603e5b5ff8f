package dev.tenon.cli.train;

import dev.tenon.cli.client.Refused;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tenon aot}: the caches that let a process start in a fraction of the time (JEP 483, JEP 514). */
@Command(
    name = "aot",
    description =
        "Makes the ahead-of-time caches of this distribution for the JDK in use. The build does this; do it again"
            + " after another JDK was installed.")
public final class AotCommand implements Callable<Integer> {
  @Override
  public Integer call() throws Exception {
    String home = System.getProperty("tenon.home", "");
    if (home.isEmpty()) {
      throw new Refused("start this by bin/tenon, which knows where the distribution lies");
    }
    new Trainer(Path.of(home).toAbsolutePath().normalize()).train();
    return 0;
  }
}
