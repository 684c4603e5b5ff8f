package dev.tenon.registry.consul.ask;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.http.HttpResponse;
import org.apache.http.HttpResponseInterceptor;
import org.apache.http.entity.HttpEntityWrapper;
import org.apache.http.protocol.HttpContext;

/** Ends the reading of an answer that is larger than anything Consul has reason to say. */
record Bound(long most) implements HttpResponseInterceptor {
  @Override
  public void process(HttpResponse response, HttpContext context) {
    if (response.getEntity() == null) {
      return;
    }
    response.setEntity(new HttpEntityWrapper(response.getEntity()) {
      @Override
      public InputStream getContent() throws IOException {
        if (getContentLength() > most) {
          throw tooLarge();
        }
        return new Counting(super.getContent());
      }
    });
  }

  private Unanswered tooLarge() {
    return new Unanswered("the answer is larger than " + (most >> 20) + " MiB (answerLimit)");
  }

  /** Counts what is read. */
  private final class Counting extends FilterInputStream {
    private long left = most;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      return octet < 0 ? octet : taken(1, octet);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      return count < 0 ? count : taken(count, count);
    }

    private int taken(int count, int result) throws Unanswered {
      left -= count;
      if (left < 0) {
        throw tooLarge();
      }
      return result;
    }
  }
}
