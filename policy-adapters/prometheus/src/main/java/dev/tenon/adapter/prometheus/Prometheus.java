package dev.tenon.adapter.prometheus;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mixer's {@code prometheus}: counts metrics for Prometheus to scrape. Parameters: {@code metrics} as {@link
 * Metric} reads them, {@code metricsExpirationPolicy}; and {@code listen} [127.0.0.1:42422], where they are
 * scraped at {@code /metrics}. Handlers of one address are scraped together.
 *
 * <p>What was counted belongs to a handler's name: it stays when the parameters change, and is handed to the
 * successor when this jar is replaced.
 */
public final class Prometheus implements AdapterFactory, Carry {
  private static final InetSocketAddress USUAL = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 42422);
  private static final String FORM = "prometheus/1";

  private final Map<String, Book> books = new HashMap<>();
  private final Map<InetSocketAddress, Page> pages = new HashMap<>();

  @Override
  public String name() {
    return "prometheus";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.METRIC);
  }

  @Override
  public boolean nonBlocking() {
    return true;
  }

  @Override
  public Adapter build(Fields params) {
    return build("", params);
  }

  @Override
  public Adapter build(String handler, Fields params) {
    Map<String, Metric> metrics = Metric.read(params);
    long expiry = Metric.expiry(params);
    InetSocketAddress listen = params.optionalText("listen").map(text -> address(params, text)).orElse(USUAL);
    if (handler.isEmpty()) {
      return new Counting(new Book(), metrics, expiry, () -> {});
    }
    Book book;
    synchronized (this) {
      book = books.computeIfAbsent(handler, each -> new Book());
      pages.computeIfAbsent(listen, Page::new).show(book);
    }
    return new Counting(book, metrics, expiry, () -> leave(listen, book));
  }

  private static InetSocketAddress address(Fields params, String text) {
    int colon = text.lastIndexOf(':');
    try {
      InetAddress host = InetAddress.ofLiteral(text.substring(0, Math.max(0, colon)));
      return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      params.error("listen", "\"" + text + "\" is no address; write it like 127.0.0.1:42422");
      return USUAL;
    }
  }

  private synchronized void leave(InetSocketAddress listen, Book book) {
    Page page = pages.get(listen);
    if (page != null && page.hide(book)) {
      pages.remove(listen);
      page.close();
    }
  }

  @Override
  public String form() {
    return FORM;
  }

  @Override
  public Map<String, Object> give() {
    Map<String, Book> all;
    synchronized (this) {
      all = Map.copyOf(books);
    }
    Map<String, Object> piece = new HashMap<>();
    all.forEach(
        (handler, book) -> {
          List<Object> rows = book.give();
          if (!rows.isEmpty()) {
            piece.put(handler, new ArrayList<>(rows));
          }
        });
    return piece;
  }

  @Override
  public void take(String form, Map<String, Object> piece) {
    piece.forEach(
        (handler, rows) -> {
          Book book;
          synchronized (this) {
            book = books.computeIfAbsent(handler, each -> new Book());
          }
          if (rows instanceof List<?> list) {
            list.forEach((@Nullable Object row) -> book.take(row));
          }
        });
  }
}
