package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * Who is told of changes, and what became of that.
 *
 * @param allowed whether the visitor may see it
 * @param hooks all webhooks, by name
 * @param chosen the one whose tries are shown, or empty
 * @param tries its last tries, newest first
 */
public record WebhooksPage(boolean allowed, List<Hook> hooks, String chosen, List<Try> tries) {
  public WebhooksPage {
    hooks = List.copyOf(hooks);
    tries = List.copyOf(tries);
  }

  /**
   * A webhook.
   *
   * @param id names its row
   * @param name its name
   * @param href the same in the address of its tries
   * @param url where requests go
   * @param details format, events and secret, in words
   * @param status whether it is told anything
   * @param problem what is wrong, or empty
   * @param waiting how many events wait, in words
   * @param sender the node that sends, or empty
   * @param enabled whether it is told anything
   */
  public record Hook(
      String id,
      String name,
      String href,
      String url,
      String details,
      Status status,
      String problem,
      String waiting,
      String sender,
      boolean enabled) {}

  /**
   * A try to tell something.
   *
   * @param id names its row
   * @param event the event's id
   * @param at when
   * @param action what was told
   * @param path what it is about
   * @param number which try it was
   * @param status what became of it
   * @param answer the answer, in words
   */
  public record Try(
      String id,
      String event,
      When at,
      String action,
      String path,
      int number,
      Status status,
      String answer) {}
}
