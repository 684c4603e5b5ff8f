package dev.tenon.adapter.redisquota;

import dev.tenon.quotas.Answered;
import dev.tenon.quotas.Ask;
import dev.tenon.quotas.Limit;
import dev.tenon.quotas.Quota;
import dev.tenon.quotas.QuotaTable;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** One configured redisquota. Its calls block; whoever calls has a deadline. */
final class Handler implements QuotaAdapter {
  /** For how long a question that is repeated is answered alike. */
  private static final Duration REPEATS = Duration.ofSeconds(2);

  /** Its keys' names begin so; what follows is the handler and the key, in braces, so that a cluster keeps them together. */
  private static final String PREFIX = "tenon:quota:";

  /** How many arguments a question has; what is settled follows. */
  private static final int QUESTION = 10;

  private final String name;
  private final QuotaTable table;
  private final Reach reach;
  private final String script = script("take.lua");
  private final Looking looking;
  private final Answered answered = new Answered();
  private @Nullable RedisClient client;
  private final String hash = sha1(script);
  private boolean closed;

  Handler(String name, QuotaTable table, Reach reach) {
    this.name = name;
    this.table = table;
    this.reach = reach;
    this.looking = new Looking(PREFIX + "{" + name + " ", this::client, script("look.lua"));
  }

  private static String script(String file) {
    try (InputStream in = Handler.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Redis knows a script by, once it has seen it. */
  private static String sha1(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  private synchronized RedisClient client() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (client == null) {
      client = reach.open();
    }
    return client;
  }

  @Override
  public Grant take(Instance instance, Charge charge) {
    try {
      return answered.with(charge, ask(instance, charge));
    } catch (RuntimeException e) {
      answered.failed();
      throw e;
    }
  }

  private Grant ask(Instance instance, Charge charge) {
    Quota quota = table.of(instance);
    Map<?, ?> dimensions = QuotaTable.dimensions(instance);
    Limit limit = quota.limit(dimensions);
    String key = counter(quota.key(instance.name(), dimensions));
    Ask ask = Ask.of(charge);
    String question = charge.deduplicationId();
    List<String> keys = List.of(key, key + ":parts", key + ":" + question);
    List<String> arguments = new ArrayList<>(
        List.of(
            limit.kind().name(),
            Long.toString(limit.max()),
            Long.toString(Math.max(1, limit.window() / 1_000)),
            Long.toString(limit.burst()),
            Long.toString(ask.amount()),
            Long.toString(ask.most()),
            Long.toString(ask.share()),
            Long.toString(ask.hold() / 1_000),
            Long.toString(question.isEmpty() ? 0 : REPEATS.toMillis()),
            Long.toString(ask.least())));
    for (Charge.Settled each : limit.kind() == Limit.Kind.ROLLING ? charge.settled() : List.<Charge.Settled>of()) {
      arguments.addAll(List.of(Long.toString(each.mark()), Long.toString(each.amount()), Long.toString(each.before().toNanos() / 1_000)));
    }
    List<?> answer = (List<?>) run(keys, arguments);
    return new Grant(
        number(answer, 0),
        Duration.ofNanos(number(answer, 1) * 1_000),
        new Grant.Standing(limit.max(), number(answer, 2), Duration.ofNanos(number(answer, 3) * 1_000)),
        answer.size() > 5 ? number(answer, 5) : 0); // an older version's answer to a question that is repeated has no mark
  }

  private static long number(List<?> answer, int place) {
    return Long.parseLong(String.valueOf(answer.get(place)));
  }

  /** Runs the script by its hash; a Redis that does not know it, for it is new or was restarted, is told. */
  private Object run(List<String> keys, List<String> arguments) {
    RedisClient redis = client();
    try {
      return redis.evalsha(hash, keys, arguments);
    } catch (JedisNoScriptException e) {
      return redis.eval(script, keys, arguments);
    } catch (JedisConnectionException e) {
      // A connection that idled while Redis was restarted says so at its next use; a new one may do. What was lost on the
      // way may have been charged: then it is charged twice, which is the safe side. To settle twice is not.
      return redis.eval(script, keys, arguments.subList(0, QUESTION));
    }
  }

  private String counter(String key) {
    return PREFIX + "{" + name + " " + key + "}";
  }

  @Override
  public Grant.Standing standing(Instance instance) {
    Quota quota = table.of(instance);
    Map<?, ?> dimensions = QuotaTable.dimensions(instance);
    Limit limit = quota.limit(dimensions);
    return looking.standing(counter(quota.key(instance.name(), dimensions)))
        .map(there -> new Grant.Standing(limit.max(), Math.max(0, limit.atOnce() - there.spent()), there.reset()))
        .orElse(new Grant.Standing(limit.max(), limit.atOnce(), Duration.ZERO));
  }

  @Override
  public List<Family> figures() {
    return answered.figures("redisquota_adapter");
  }

  @Override
  public Top top(int most) {
    return looking.top(most);
  }

  @Override
  public boolean reset(String key) {
    String counter = counter(key);
    return client().del(counter, counter + ":parts") > 0;
  }

  @Override
  public void close() {
    RedisClient open;
    synchronized (this) {
      closed = true;
      open = client;
      client = null;
    }
    if (open != null) {
      open.close();
    }
  }
}
