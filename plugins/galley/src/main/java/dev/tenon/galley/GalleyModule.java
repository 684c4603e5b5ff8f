package dev.tenon.galley;

import dev.tenon.galley.publish.Configuration;
import dev.tenon.galley.publish.Editor;
import dev.tenon.galley.publish.Living;
import dev.tenon.galley.publish.Overview;
import dev.tenon.galley.serve.ConfigService;
import dev.tenon.galley.source.Directory;
import dev.tenon.galley.source.LastGood;
import dev.tenon.galley.source.LocalDisk;
import dev.tenon.galley.source.Sources;
import dev.tenon.galley.source.Watch;
import dev.tenon.spi.config.ConfigSource;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.LiveObjects;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.config.Validator;
import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.rules.Rules;
import dev.tenon.spi.stream.Subscription;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts galley's stages together: source → decode → validate → publish → serve. */
public final class GalleyModule implements Module {
  private static final Duration RESCAN = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "galley";
  }

  @Override
  public Running start(ModuleContext context) throws IOException {
    Settings settings = Settings.read(context);
    Files.createDirectories(settings.directory());
    Directory directory = new Directory(settings.directory(), new LocalDisk());
    Sources sources = new Sources(directory, settings.sources());
    Configuration configuration = new Configuration(sources, new LastGood(directory.own()), settings.domain());
    Generation generation = new Generation(configuration, sources);
    generation.follow(context);
    // The first look is the watch's own; every change of parser or validators asks for another.
    generation.watch = new Watch(directory.root(), settings.rescan(), configuration::scan);
    context.offer(Rules.class, configuration);
    context.offer(BindableService.class, new ConfigService(new Editor(configuration), new Overview(configuration, generation.living)));
    return generation;
  }

  /**
   * @param directory where the objects lie
   * @param rescan how often a change that the file system did not tell of is looked for
   * @param sources names of sources of plug-ins without which nothing is published the first time
   * @param domain the mesh's
   */
  private record Settings(Path directory, Duration rescan, Set<String> sources, String domain) {
    static Settings read(ModuleContext context) {
      Fields own = context.settings();
      Path directory =
          own.optionalText("directory").map(Path::of).orElseGet(() -> besideTheRun(context));
      Duration rescan = own.duration("rescan").orElse(RESCAN);
      if (rescan.compareTo(Duration.ofMillis(100)) < 0) {
        own.error("rescan", "is shorter than 100ms");
      }
      Set<String> sources = Set.copyOf(own.texts("sources"));
      own.finish();
      return new Settings(directory, rescan, sources, context.settings("mesh").text("domain", "cluster.local"));
    }

    private static Path besideTheRun(ModuleContext context) {
      String run = context.settings("run").text("directory", "run/" + context.process().profile());
      return Path.of(run).resolve("config");
    }
  }

  /** One generation: its watch and its subscriptions. */
  private static final class Generation implements Running {
    private final Configuration configuration;
    private final Sources sources;
    private final Living living = new Living();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private volatile boolean closed;
    private @org.jspecify.annotations.Nullable Watch watch;

    Generation(Configuration configuration, Sources sources) {
      this.configuration = configuration;
      this.sources = sources;
      sources.onChange(this::scanSoon);
    }

    void follow(ModuleContext context) {
      subscriptions.add(context.offers(ConfigSource.class).subscribe(sources::offered));
      subscriptions.add(
          context.offers(LiveObjects.class).subscribe(offers -> living.makers(offers.stream().map(Offer::service).toList())));
      subscriptions.add(
          context
              .offers(Validator.class)
              .subscribe(
                  offers -> {
                    configuration.validators(offers.stream().map(Offer::service).toList());
                    scanSoon();
                  }));
      subscriptions.add(
          context
              .offers(TextParser.class)
              .subscribe(
                  offers -> {
                    configuration.parser(offers.isEmpty() ? null : offers.getFirst().service());
                    scanSoon();
                  }));
    }

    private void scanSoon() {
      Thread.ofVirtual()
          .name("galley-scan")
          .start(
              () -> {
                if (!closed) {
                  configuration.scan();
                }
              });
    }

    @Override
    public CompletionStage<Void> ready() {
      return configuration.ready();
    }

    @Override
    public CompletionStage<Void> drain(Duration deadline) {
      stop();
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
      stop();
      subscriptions.forEach(Subscription::close);
      sources.close();
      living.makers(List.of());
      configuration.validators(List.of());
      configuration.parser(null);
    }

    private void stop() {
      closed = true;
      Watch open = watch;
      if (open != null) {
        open.close();
      }
    }
  }
}
