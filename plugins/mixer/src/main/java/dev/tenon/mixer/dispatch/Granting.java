package dev.tenon.mixer.dispatch;

import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import org.jspecify.annotations.Nullable;

/**
 * What a handler is asked on behalf of a proxy: a quota's grant goes back as it is.
 *
 * @param charge of a quota
 */
public record Granting(Instance instance, Charge charge) {
  /** As a guard makes it. */
  static final Guard.Call<Adapter, Granting, Answer> PUT = Granting::answer;

  private static @Nullable Answer answer(Adapter adapter, Granting asked) {
    if (asked.instance.template() != Template.QUOTA) {
      return Question.made(adapter.check(asked.instance));
    }
    Grant grant = ((QuotaAdapter) adapter).take(asked.instance, asked.charge);
    return grant == null || grant.granted() > asked.charge.most() ? null : new Answer.Granted(grant);
  }
}
