package dev.tenon.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The drawing of ARCHITECTURE.md as rules. A new module or stage is a line in one of these tables. */
final class River {
  /** The packages of each module; none imports another's. */
  static final List<String> MODULES =
      List.of(
          "dev.tenon.galley",
          "dev.tenon.pilot",
          "dev.tenon.mixer",
          "dev.tenon.proxy",
          "dev.tenon.agent",
          "dev.tenon.citadel",
          "dev.tenon.registry.vm",
          "dev.tenon.registry.consul",
          "dev.tenon.adapter.denier",
          "dev.tenon.adapter.listchecker",
          "dev.tenon.adapter.memquota",
          "dev.tenon.adapter.redisquota",
          "dev.tenon.adapter.prometheus",
          "dev.tenon.adapter.stdio",
          "dev.tenon.adapter.statsd",
          "dev.tenon.adapter.zipkin",
          "dev.tenon.adapter.workloadenv",
          "dev.tenon.adapter.opa",
          "dev.tenon.adapter.apikey",
          "dev.tenon.adapter.remote");

  /** The stages of a module, upstream first: a stage imports earlier ones alone. */
  static final Map<String, List<String>> STAGES = stages();

  /** Where protobuf and gRPC may be seen. */
  private static final String[] EDGES = {
    "dev.tenon.galley.serve..",
    "dev.tenon.pilot.translate..",
    "dev.tenon.pilot.serve..",
    "dev.tenon.proxy.subscribe..",
    "dev.tenon.proxy.compile..",
    "dev.tenon.agent.probe..",
    "dev.tenon.mixer.share..",
    "dev.tenon.mixer.serve..",
    "dev.tenon.adapter.remote..",
    "dev.tenon.mixer.operate..",
    "dev.tenon.mixer.answer..",
    "dev.tenon.agent.join..",
    "dev.tenon.citadel.serve..",
    "dev.tenon.registry.vm.accept..",
    "dev.tenon.registry.consul.serve.."
  };

  /** Stages that are pure functions of records: no time, no files, no sockets, no threads. */
  private static final String[] PURE = {
    "dev.tenon.galley.decode..",
    "dev.tenon.galley.validate..",
    "dev.tenon.pilot.join..",
    "dev.tenon.pilot.scope..",
    "dev.tenon.pilot.translate..",
    "dev.tenon.mixer.decide..",
    "dev.tenon.registry.vm.lease..",
    "dev.tenon.registry.vm.publish..",
    "dev.tenon.registry.consul.convert..",
    "dev.tenon.agent.read..",
    "dev.tenon.proxy.compile.."
  };

  private River() {}

  private static Map<String, List<String>> stages() {
    Map<String, List<String>> stages = new LinkedHashMap<>();
    stages.put("dev.tenon.galley", List.of("source", "decode", "validate", "publish", "serve"));
    stages.put("dev.tenon.pilot", List.of("join", "scope", "translate", "serve"));
    stages.put("dev.tenon.mixer", List.of("parse", "check", "cel", "evaluate", "accept", "dispatch", "decide", "share", "serve", "answer", "operate"));
    stages.put("dev.tenon.proxy", List.of("subscribe", "plug", "compile", "live", "listen", "http", "loop", "request", "upstream", "report", "serve", "warm"));
    stages.put("dev.tenon.registry.vm", List.of("accept", "lease", "keep", "publish"));
    stages.put("dev.tenon.registry.consul", List.of("ask", "read", "convert", "watch", "keep", "publish", "configure", "lead", "share", "register", "serve"));
    stages.put("dev.tenon.citadel", List.of("keep", "sign", "attest", "rotate", "serve"));
    stages.put("dev.tenon.agent", List.of("read", "probe", "join"));
    return stages;
  }

  /** Modules meet through what they offer, never by import. */
  static List<ArchRule> modulesDoNotImportEachOther() {
    List<ArchRule> rules = new ArrayList<>();
    for (String module : MODULES) {
      List<String> others = MODULES.stream().filter(other -> !other.equals(module)).map(other -> other + "..").toList();
      rules.add(
          noClasses()
              .that(resideInAPackage(module + ".."))
              .should()
              .dependOnClassesThat(resideInAnyPackage(others.toArray(String[]::new)))
              .because("modules meet through what they offer"));
    }
    return rules;
  }

  /** The kernel and the command are not there to be compiled against. */
  static ArchRule modulesDoNotSeeTheKernel() {
    return noClasses()
        .that(resideInAnyPackage(MODULES.stream().map(module -> module + "..").toArray(String[]::new)))
        .should()
        .dependOnClassesThat(resideInAnyPackage("dev.tenon.kernel..", "dev.tenon.cli.."))
        .because("a module knows spi alone");
  }

  /** A stage imports earlier stages of its module, and spi. */
  static List<ArchRule> stagesFlowDownstream() {
    List<ArchRule> rules = new ArrayList<>();
    STAGES.forEach(
        (module, stages) -> {
          for (int i = 0; i < stages.size() - 1; i++) {
            String[] later =
                stages.subList(i + 1, stages.size()).stream().map(stage -> module + "." + stage + "..").toArray(String[]::new);
            rules.add(
                noClasses()
                    .that(resideInAPackage(module + "." + stages.get(i) + ".."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(later))
                    .because("data flows downstream"));
          }
        });
    return rules;
  }

  /** Wire types die at the door. */
  static ArchRule protobufStaysAtTheEdges() {
    return noClasses()
        .that(resideInAnyPackage(MODULES.stream().map(module -> module + "..").toArray(String[]::new)))
        .and(not(resideInAnyPackage(EDGES)))
        .should()
        .dependOnClassesThat(resideInAnyPackage("com.google.protobuf..", "io.envoyproxy..", "dev.tenon.wire.."))
        .because("wire types die at the door");
  }

  /** A pure stage can be asked twice and says the same. */
  static List<ArchRule> pureStagesArePure() {
    return List.of(
        noClasses()
            .that(resideInAnyPackage(PURE))
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.nio.channels..", "io.netty.channel..", "io.grpc.."))
            .because("what needs files or sockets is an edge"),
        noClasses()
            .that(resideInAnyPackage(PURE))
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .because("what needs time or threads is an edge"));
  }

  /** The contract stands alone; Netty is named in one package of it. */
  static List<ArchRule> spiStandsAlone() {
    return List.of(
        noClasses()
            .that(resideInAPackage("dev.tenon.spi.."))
            .should()
            .dependOnClassesThat(
                resideOutsideOfPackage("dev.tenon.spi..")
                    .and(not(resideInAnyPackage("java..", "org.jspecify..", "org.osgi.annotation.versioning..", "io.netty.."))))
            .because("a plug-in author compiles against spi alone"),
        noClasses()
            .that(resideInAPackage("dev.tenon.spi.."))
            .and(resideOutsideOfPackage("dev.tenon.spi.ports.."))
            .should()
            .dependOnClassesThat(resideInAPackage("io.netty.."))
            .because("only protocol modules need channels"));
  }

  /** What would keep a class loader alive after its module was swapped. */
  static List<ArchRule> nothingPinsAClassLoader() {
    String[] modules = MODULES.stream().map(module -> module + "..").toArray(String[]::new);
    return List.of(
        noFields()
            .that()
            .areDeclaredInClassesThat(resideInAnyPackage(modules))
            .should()
            .haveRawType(ThreadLocal.class)
            .because("a thread of the platform would hold the module"),
        fields()
            .that()
            .areDeclaredInClassesThat(resideInAnyPackage(modules))
            .and()
            .areStatic()
            .should()
            .beFinal()
            .because("static state defeats a swap"),
        noClasses()
            .that(resideInAnyPackage(modules))
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.netty\\.(channel\\.SimpleChannelInboundHandler|util\\.Recycler|util\\.concurrent\\.FastThreadLocal)")
            .because("Netty keeps what it cached by class"),
        noClasses()
            .that(resideInAnyPackage(modules))
            .should()
            .callMethod(Runtime.class, "addShutdownHook", Thread.class)
            .because("the process belongs to the kernel"));
  }
}
