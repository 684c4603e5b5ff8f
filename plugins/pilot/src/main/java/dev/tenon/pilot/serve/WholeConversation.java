package dev.tenon.pilot.serve;

import dev.tenon.pilot.translate.Resource;
import dev.tenon.pilot.translate.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/**
 * The state-of-the-world protocol: each request lists all names that are wanted, each answer of
 * clusters and listeners holds all of them. Of other types only what changed is sent.
 */
final class WholeConversation extends Conversation<DiscoveryRequest, DiscoveryResponse> {
  private static final String ALL = "*";

  /** Versions that clients brought with them, until there is something to compare them with. */
  private final Map<ResourceType, String> claimed = new EnumMap<>(ResourceType.class);

  WholeConversation(Hub hub, StreamObserver<DiscoveryResponse> out) {
    super(hub, out);
  }

  @Override
  Node node(DiscoveryRequest request) {
    return request.getNode();
  }

  @Override
  String url(DiscoveryRequest request) {
    return request.getTypeUrl();
  }

  @Override
  void take(ResourceType type, DiscoveryRequest request) {
    List<String> names = request.getResourceNamesList();
    trace("asks for", type, request.getResponseNonce(), names);
    Watch watch = watch(type);
    if (watch == null) {
      limitNames(names);
      watch = newWatch(type);
      if (!request.getVersionInfo().isEmpty()) {
        claimed.put(type, request.getVersionInfo());
      }
      if (type.isWildcard() && names.isEmpty()) {
        watch.wildcard(true);
      }
      want(watch, names, type);
      return;
    }
    if (!request.getResponseNonce().equals(watch.nonce())) {
      // About something older. A later request, about the newest answer, will say it all again.
      return;
    }
    boolean answer = watch.isInFlight();
    String error = request.hasErrorDetail() ? DeltaConversation.describe(request.getErrorDetail()) : "";
    if (watch.answered(request.getResponseNonce(), error, System.currentTimeMillis()) && !error.isEmpty()) {
      refused(type, error);
    }
    boolean more = want(watch, names, type);
    // Neither an answer nor a wish for other names: Envoy has made a cluster anew and waits.
    if (!answer && !more && type == ResourceType.EDS) {
      names.forEach(watch::again);
    }
  }

  /** Takes over the names wanted; says whether they are others than before. */
  private boolean want(Watch watch, List<String> wanted, ResourceType type) {
    Set<String> names = new HashSet<>(wanted);
    boolean all = names.remove(ALL);
    if (all) {
      watch.wildcard(true);
    } else if (watch.isWildcard() && !(wanted.isEmpty() && type.isWildcard())) {
      watch.wildcard(false);
    }
    Set<String> before = new HashSet<>(watch.names());
    List<String> added = new ArrayList<>(names);
    added.removeAll(before);
    limitNames(added);
    before.stream().filter(name -> !names.contains(name)).forEach(watch::remove);
    added.forEach(watch::add);
    return !names.equals(before);
  }

  @Override
  void catchUp(ResourceType type, Watch watch, NavigableMap<String, Resource> target) {
    String version = claimed.remove(type);
    if (version != null && version.equals(Watch.version(watch.wanted(target)))) {
      watch.upToDate(target, version, type.isWildcard(), System.currentTimeMillis());
    }
  }

  @Override
  boolean isDue(Watch watch, Difference difference, ResourceType type) {
    boolean shrinks = type.isWildcard() && !difference.removed().isEmpty();
    return !difference.changed().isEmpty() || shrinks || watch.owes();
  }

  @Override
  DiscoveryResponse answer(
      ResourceType type, Watch watch, Difference difference, NavigableMap<String, Resource> target) {
    List<Resource> resources = new ArrayList<>(difference.changed());
    List<Resource> whole = new ArrayList<>(watch.wanted(target));
    if (type.isWildcard()) {
      Set<String> gone = new HashSet<>(difference.removed());
      watch.keeping(target).stream().filter(each -> !gone.contains(each.name())).forEach(whole::add);
      resources = whole;
    }
    String version = Watch.version(whole);
    String nonce = nextNonce();
    DiscoveryResponse.Builder response =
        DiscoveryResponse.newBuilder().setTypeUrl(type.url()).setVersionInfo(version).setNonce(nonce);
    trace("is sent", type, nonce, names(resources));
    resources.forEach(each -> response.addResources(each.body()));
    Difference sent = new Difference(resources, difference.removed(), difference.missing());
    watch.sending(version, nonce, sent, type.isWildcard(), System.currentTimeMillis());
    return response.build();
  }
}
