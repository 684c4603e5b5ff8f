package dev.tenon.samples.tenanttag;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.RequestFilterFactory;
import dev.tenon.spi.traffic.RequestHead;
import dev.tenon.spi.traffic.ResponseHead;
import dev.tenon.spi.traffic.Step;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the key that a caller brings into the tenant that it belongs to, and sends callers without a
 * known key away. Configuration: {@code header}, where the key is; {@code tenants}, key to name.
 */
public final class TenantTag implements RequestFilterFactory {
  /** What a RequestFilter's {@code plugin} names. */
  @Override
  public String name() {
    return "tenanttag";
  }

  /** A look into a map takes no time: may be called on the event loop. */
  @Override
  public boolean nonBlocking() {
    return true;
  }

  /** Reads the configuration; what is missing or wrong is told to the operator with its place. */
  @Override
  public RequestFilter build(Fields config) {
    String header = config.text("header", "x-api-key");
    Map<String, String> tenants = config.textMap("tenants");
    if (tenants.isEmpty()) {
      config.error("tenants", "is required: whose keys are they? Write key: tenant");
    }
    return new Filter(header, tenants);
  }

  private record Filter(String header, Map<String, String> tenants) implements RequestFilter {
    @Override
    public Step onRequest(RequestHead request) {
      String key = request.header(header);
      String tenant = key == null ? null : tenants.get(key);
      if (tenant == null) {
        return Step.answer(401, "bring a known key in " + header);
      }
      request.remove(header);
      request.set("x-tenant", tenant);
      request.note("tenant", tenant);
      return Step.CONTINUE;
    }

    /** Says whose answer it is; the note was made when its request came. */
    @Override
    public void onResponse(RequestHead request, ResponseHead response) {
      @Nullable String tenant = request.note("tenant");
      if (tenant != null) {
        response.set("x-tenant", tenant);
      }
    }
  }
}
