package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsHelpTest {
  @Test
  void the_document_says_what_the_code_does() {
    Path document = Path.of("..", "docs", "operate", "settings.md");
    assertThat(document).as("written by './dev settings'").hasContent(SettingsHelp.markdown());
  }

  @Test
  void every_default_is_allowed_and_every_key_is_there_once() {
    List<Setting<?>> all = new ArrayList<>(Settings.ALL);
    all.addAll(RepositorySettings.of("NAME"));
    assertThat(all.stream().map(Setting::key).toList()).doesNotHaveDuplicates();
    for (Setting<?> setting : all) {
      String byDefault = setting.defaultText();
      if (byDefault != null) {
        assertThat(setting.type().parse(byDefault)).as(setting.key()).isPresent();
      }
      assertThat(setting.help()).as(setting.key()).endsWith(".");
      assertThat(SettingsHelp.text()).contains(setting.key());
    }
  }
}
