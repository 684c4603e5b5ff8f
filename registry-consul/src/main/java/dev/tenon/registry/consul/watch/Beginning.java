package dev.tenon.registry.consul.watch;

import dev.tenon.registry.consul.ask.Answer;
import dev.tenon.registry.consul.ask.Consul;
import dev.tenon.registry.consul.ask.Query;
import dev.tenon.registry.consul.read.Answers;
import dev.tenon.registry.consul.read.Check;
import dev.tenon.registry.consul.read.CheckOf;
import dev.tenon.registry.consul.read.Definition;
import dev.tenon.registry.consul.read.Instance;
import dev.tenon.registry.consul.read.OnNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * The first look at a data centre, node by node: where there are fewer nodes than services, a few questions
 * tell what would take one for each service.
 */
final class Beginning {
  private Beginning() {}

  /**
   * What was found.
   *
   * @param services where the long poll on the services goes on
   * @param checks where the one on the checks does
   */
  record Found(Map<String, List<String>> listed, List<Check> states, Map<String, List<Instance>> instances, long services, long checks) {}

  /**
   * Looks.
   *
   * @param readers how many nodes are asked for at once
   * @return nothing where it is not worth it, or there is nothing
   * @throws IOException when a question is not answered
   */
  static Optional<Found> look(Consul consul, String datacenter, int readers, ExecutorService threads) throws IOException, InterruptedException {
    Query now = Query.now(datacenter, false);
    Answer services = consul.get("/v1/catalog/services", now);
    Map<String, List<String>> listed = Answers.services(services.body());
    List<String> nodes = Answers.nodes(consul.get("/v1/catalog/nodes", now).body());
    if (listed.isEmpty() || nodes.isEmpty() || nodes.size() >= listed.size()) {
      return Optional.empty();
    }
    Answer checks = consul.get("/v1/health/state/any", now);
    List<CheckOf> states = Answers.checksOf(checks.body()).items();
    Map<String, List<Check>> bySubject = new HashMap<>();
    states.forEach(each -> bySubject.computeIfAbsent(each.check().node() + "/" + each.serviceId(), _ -> new ArrayList<>()).add(each.check()));
    Map<String, List<Instance>> instances = new HashMap<>();
    for (OnNode node : onNodes(consul, now, nodes, readers, threads)) {
      for (Definition each : node.definitions().items()) {
        List<Check> all = new ArrayList<>(bySubject.getOrDefault(each.node() + "/", List.of()));
        all.addAll(bySubject.getOrDefault(each.key(), List.of()));
        instances.computeIfAbsent(each.service(), _ -> new ArrayList<>()).add(new Instance(each, node.address(), node.datacenter(), all));
      }
    }
    return Optional.of(new Found(listed, states.stream().map(CheckOf::check).toList(), instances, services.index(), checks.index()));
  }

  private static List<OnNode> onNodes(Consul consul, Query now, List<String> nodes, int readers, ExecutorService threads)
      throws IOException, InterruptedException {
    Queue<String> rest = new ConcurrentLinkedQueue<>(nodes);
    Callable<List<OnNode>> reader = () -> {
      List<OnNode> read = new ArrayList<>();
      for (String node = rest.poll(); node != null; node = rest.poll()) {
        read.add(Answers.node(consul.get("/v1/catalog/node-services/" + Datacenter.segment(node), now).body()));
      }
      return read;
    };
    List<Future<List<OnNode>>> all = new ArrayList<>();
    for (int i = 0; i < Math.min(readers, nodes.size()); i++) {
      all.add(threads.submit(reader));
    }
    List<OnNode> found = new ArrayList<>();
    try {
      for (Future<List<OnNode>> each : all) {
        found.addAll(each.get());
      }
    } catch (ExecutionException e) {
      rest.clear();
      throw e.getCause() instanceof IOException unanswered ? unanswered : new IOException("the first look failed: " + e.getCause(), e);
    }
    return found;
  }
}
