package dev.tenon.adapter.redisquota;

import dev.tenon.spi.policy.QuotaAdapter.Spending;
import dev.tenon.spi.policy.QuotaAdapter.Top;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Reads how a handler's counters stand. All keys of Redis are gone through, for so long at most: an index of the counters would
 * cost every request a write, and operators look seldom.
 */
final class Looking {
  private static final long LONGEST = Duration.ofSeconds(3).toNanos();
  private static final int AT_ONCE = 1_000;

  private final String prefix;
  private final Supplier<RedisClient> client;
  private final String script;

  /** @param prefix with which the names of the handler's counters begin */
  Looking(String prefix, Supplier<RedisClient> client, String script) {
    this.prefix = prefix;
    this.client = client;
    this.script = script;
  }

  /** One counter by its name in Redis; empty when there is none. */
  Optional<Spending> standing(String counter) {
    return look(List.of(counter)).stream().findFirst();
  }

  Top top(int most) {
    Comparator<Spending> emptiestFirst = Comparator.comparingDouble(each -> (double) each.spent() / (double) Math.max(1, each.limit()));
    PriorityQueue<Spending> fullest = new PriorityQueue<>(emptiestFirst);
    ScanParams wanted = new ScanParams().match(prefix.replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "*}").count(AT_ONCE);
    Set<String> counted = new HashSet<>(); // a scan may come by one twice
    String cursor = ScanParams.SCAN_POINTER_START;
    long end = System.nanoTime() + LONGEST;
    do {
      ScanResult<String> found = client.get().scan(cursor, wanted);
      cursor = found.getCursor();
      for (Spending each : look(found.getResult().stream().filter(counted::add).toList())) {
        fullest.add(each);
        if (fullest.size() > most) {
          fullest.remove();
        }
      }
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START) && System.nanoTime() - end < 0);
    List<Spending> all = new ArrayList<>(fullest);
    all.sort(emptiestFirst.reversed().thenComparing(Spending::key));
    return new Top(all, counted.size(), cursor.equals(ScanParams.SCAN_POINTER_START));
  }

  /** Those of some counters that have spent anything. */
  private List<Spending> look(List<String> counters) {
    List<Spending> all = new ArrayList<>();
    for (int from = 0; from < counters.size(); from += AT_ONCE) {
      List<String> some = counters.subList(from, Math.min(counters.size(), from + AT_ONCE));
      List<?> answers = (List<?>) client.get().eval(script, some.stream().flatMap(each -> List.of(each, each + ":parts").stream()).toList(), List.of());
      for (int i = 0; i < some.size(); i++) {
        List<?> answer = (List<?>) answers.get(i);
        if (!answer.isEmpty() && number(answer, 0) > 0) {
          String name = some.get(i);
          all.add(new Spending(
              name.substring(prefix.length(), name.length() - 1), number(answer, 0), number(answer, 1), Duration.ofNanos(number(answer, 3) * 1_000)));
        }
      }
    }
    return all;
  }

  private static long number(List<?> answer, int place) {
    return Long.parseLong(String.valueOf(answer.get(place)));
  }
}
