package dev.tenon.proxy.upstream;

import dev.tenon.proxy.request.Call;
import dev.tenon.spi.traffic.PickRequest;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a balancer that is a plug-in is asked with. One for each loop, used again for each pick. */
public final class PickView implements PickRequest {
  private static final Host[] NOBODY = {};

  private Call call = new Call();
  private Collection<Host> tried = List.of();
  private Host[] hosts = NOBODY;
  private int attempt;
  private int picked;

  /**
   * Asks for a call.
   *
   * @param before hosts that it was tried with
   * @param attempts how often it was tried
   */
  public PickView show(Call wanted, Collection<Host> before, int attempts) {
    call = wanted;
    tried = before;
    attempt = attempts;
    return this;
  }

  /** Among these. */
  void among(Host[] candidates) {
    hosts = candidates;
  }

  /** Notes the answer: a field rather than a value, which would be an object. */
  PickView picked(int host) {
    picked = host;
    return this;
  }

  int picked() {
    return picked;
  }

  @Override
  public String method() {
    return call.method();
  }

  @Override
  public String authority() {
    return call.authority();
  }

  @Override
  public String path() {
    return call.pathAndQuery();
  }

  @Override
  public @Nullable String header(String name) {
    return call.head().joined(name);
  }

  @Override
  public @Nullable InetSocketAddress peer() {
    return call.peer();
  }

  @Override
  public @Nullable String note(String name) {
    return call.notes().get(name);
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public boolean tried(int host) {
    return tried.contains(hosts[host]);
  }

  @Override
  public int active(int host) {
    return hosts[host].active();
  }
}
