package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.cluster.Genesis;
import io.holdfast.cluster.Member;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewSiteTest {
  @TempDir Path temp;

  private Path create(String... nodes) {
    Path site = temp.resolve("site");
    NewSite.create(site, "main", Stream.of(nodes).map(NewNode::parse).toList(), new SystemClock());
    return site;
  }

  @Test
  void each_node_gets_a_configuration_that_serves_it_where_it_was_said() {
    Path site =
        create(
            "n1=127.0.0.1:7401,rest=127.0.0.1:7301,admin=127.0.0.1:7201",
            "n2=127.0.0.1:7402,admin=127.0.0.1:7202,rest=127.0.0.1:7302",
            "n3=127.0.0.1:7403,rest=127.0.0.1:7303,admin=127.0.0.1:7203");
    NodeConfig config = NodeConfig.read(site.resolve("n2/holdfast.yaml"), Map.of(), Map.of());
    assertThat(config.directory()).isEqualTo(site.resolve("n2"));
    assertThat(config.listen().rest().port()).isEqualTo(7302);
    assertThat(config.listen().admin().port()).isEqualTo(7202);
    assertThat(Genesis.read(site.resolve("n3")).self())
        .isEqualTo(new Member("n3", "127.0.0.1", 7403));
  }

  @Test
  void on_machines_of_their_own_nodes_have_the_usual_ports() {
    Path site = create("n1=a.example:7400", "n2=b.example:7400", "n3=c.example:7400");
    NodeConfig config = NodeConfig.read(site.resolve("n1/holdfast.yaml"), Map.of(), Map.of());
    assertThat(config.listen().rest()).isEqualTo(new Address("127.0.0.1", 7300));
  }

  @Test
  void a_node_that_others_can_reach_does_not_serve_before_that_is_accepted() {
    Path site = create("n1=a.example:7400,rest=0.0.0.0:7300");
    Path file = site.resolve("n1/holdfast.yaml");
    HoldfastException e =
        catchThrowableOfType(
            HoldfastException.class, () -> NodeConfig.read(file, Map.of(), Map.of()));
    assertThat(e.code()).isEqualTo("bad-setting");
    assertThat(NodeConfig.read(file, Map.of("insecure", "true"), Map.of()).listen().insecure())
        .isTrue();
  }

  @Test
  void two_nodes_at_one_address_are_refused() {
    HoldfastException e =
        catchThrowableOfType(
            HoldfastException.class,
            () -> create("n1=127.0.0.1:1", "n2=127.0.0.1:2", "n3=127.0.0.1:3"));
    assertThat(e.code()).isEqualTo("bad-site");
    assertThat(e.message()).contains("n1 and n2").contains("127.0.0.1:7300");
    assertThat(temp.resolve("site")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n1",
        "n1=",
        "n1=host",
        "n1=host:0",
        "n1=host:1,rest",
        "n1=host:1,rest=x",
        "n1=host:1,peer=host:2",
        "n1=host:1,rest=a:1,rest=b:2",
        "=host:1",
        "",
        "n1=host:1,"
      })
  void a_node_that_is_not_written_as_asked_is_refused_with_the_form(String text) {
    HoldfastException e = catchThrowableOfType(HoldfastException.class, () -> NewNode.parse(text));
    assertThat(e.code()).isEqualTo("bad-node");
    assertThat(e.hint()).contains("NAME=HOST:PORT");
  }

  @Test
  void the_form_is_read_in_any_order() {
    assertThat(NewNode.parse("n1=h:1,admin=127.0.0.1:3,rest=[::1]:2"))
        .isEqualTo(
            new NewNode(
                new Member("n1", "h", 1), new Address("::1", 2), new Address("127.0.0.1", 3)));
    assertThat(List.of(new Address("::1", 2).toString())).containsExactly("[::1]:2");
  }
}
