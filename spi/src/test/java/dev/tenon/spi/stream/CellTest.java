package dev.tenon.spi.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellTest {
  private final Cell<String> cell = new Cell<>("old");
  private final List<String> told = new ArrayList<>();

  @Test
  void whatIsPutIsThereForWhoeverAsksAndToldWhenItIsTimeForThat() {
    cell.subscribe(told::add);
    cell.put("new");
    assertThat(cell.get()).contains("new");
    assertThat(told).containsExactly("old");
    List<String> late = new ArrayList<>();
    cell.subscribe(late::add);
    assertThat(late).as("who comes now is not given what was replaced").containsExactly("new");
    cell.tell();
    cell.tell();
    assertThat(told).containsExactly("old", "new");
    assertThat(late).containsExactly("new");
  }

  @Test
  void anEqualValueIsNotPassedOn() {
    cell.subscribe(told::add);
    cell.set(new String("old"));
    cell.put(new String("old"));
    cell.tell();
    assertThat(told).containsExactly("old");
  }
}
