package io.shield.admin.dashboard.impl;

import gg.jte.TemplateOutput;
import gg.jte.html.HtmlInterceptor;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import io.shield.internal.value.Hidden;
import java.util.Map;
import java.util.function.Consumer;

/** Runs a template: its class is called like any other, so that the compiler checks its values. */
final class Templates {
  /** Leaves tags as the templates have them. */
  static final HtmlInterceptor PLAIN =
      new HtmlInterceptor() {
        @Override
        public void onHtmlTagOpened(
            String name, Map<String, Object> attributes, TemplateOutput output) {
          // nothing is added
        }

        @Override
        public void onHtmlTagClosed(String name, TemplateOutput output) {
          // nothing is added
        }
      };

  private Templates() {}

  /**
   * The text that a template writes; values are escaped for the place where they stand, and what
   * nobody would see of them is shown.
   */
  static String text(Consumer<HtmlTemplateOutput> template) {
    StringOutput out = new StringOutput(16 * 1024);
    template.accept(new OwaspHtmlTemplateOutput(out));
    return Hidden.shown(out.toString());
  }
}
