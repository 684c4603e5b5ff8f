package dev.tenon.samples.fileconfig;

import dev.tenon.spi.config.ConfigListing;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.config.ConfigText;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.stream.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The objects of one YAML file, such as a deployment tool writes. Settings: {@code file}, where it lies;
 * it is looked at twice a second.
 */
public final class FileConfig implements Module {
  @Override
  public String name() {
    return "fileconfig";
  }

  @Override
  public Running start(ModuleContext context) {
    var settings = context.settings();
    Path file = Path.of(settings.text("file"));
    settings.finish();
    Watched watched = new Watched(file, new Cell<>(), new CompletableFuture<>());
    context.offer(ConfigSource.class, () -> watched.listing);
    context.timers().scheduleWithFixedDelay(watched::look, 0, 500, TimeUnit.MILLISECONDS);
    return watched;
  }

  /** Ready once it has read the file. */
  private record Watched(Path file, Cell<ConfigListing> listing, CompletableFuture<Void> read) implements Running {
    void look() {
      try {
        ConfigText text = ConfigText.of("all", file.toString(), Files.readString(file), Files.getLastModifiedTime(file).toInstant());
        listing.set(ConfigListing.of(List.of(text)));
        read.complete(null);
      } catch (IOException | RuntimeException e) {
        ConfigListing last = listing.get().orElseGet(() -> ConfigListing.of(List.of()));
        listing.set(last.lost(file.toString(), "cannot be read: " + e)); // what was read last stays in force
      }
    }

    @Override
    public CompletionStage<Void> ready() {
      return read;
    }

    @Override
    public void close() {} // the kernel ends the timer and takes back the offer
  }
}
