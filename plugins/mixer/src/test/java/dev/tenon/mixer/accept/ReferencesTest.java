package dev.tenon.mixer.accept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferencesTest {
  @ParameterizedTest
  @CsvSource({
    "list, list.shop",
    "list.shop, list.shop",
    "list.listchecker, list.shop",
    "list.istio-system, list.istio-system",
    "list.handler.istio-system, list.istio-system",
    "list.listchecker.shop, list.shop",
    "list.denier.shop, list.denier.shop",
    "old, old.shop",
    "old.denier, old.denier.shop",
    "old.denier.shop, old.denier.shop",
    "old.handler.shop, old.shop",
    "a.b.c.d, a.b.c.d",
  })
  void namesAreResolvedInTheRulesNamespace(String reference, String fullName) {
    References<String> handlers = new References<>("handler");
    handlers.add("list", "shop", "handler", "listchecker", "here");
    handlers.add("list", "istio-system", "handler", "listchecker", "there");
    handlers.add("old", "shop", "denier", "denier", "of an old kind");
    assertThat(handlers.resolve(reference, "shop")).isEqualTo(fullName);
  }
}
