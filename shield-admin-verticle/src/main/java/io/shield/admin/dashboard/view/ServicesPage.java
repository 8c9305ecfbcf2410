package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * The fleet and its services.
 *
 * @param cards the fleet first, then each service
 * @param clients the processes that follow this one, those first that are furthest behind
 * @param clientsInAll how many there are
 */
public record ServicesPage(List<Card> cards, List<Client> clients, int clientsInAll) {
  public ServicesPage {
    cards = List.copyOf(cards);
    clients = List.copyOf(clients);
  }

  /**
   * A process of a service that follows this server.
   *
   * @param service its service
   * @param instance which of its processes, or empty
   * @param address where it connected from
   * @param software what it says it is
   * @param since since when it is connected
   * @param lag how far it is behind
   */
  public record Client(
      String service, String instance, String address, String software, When since, Status lag) {}

  /**
   * The fleet or a service.
   *
   * @param id names its card
   * @param key its key in forms
   * @param name its name
   * @param fleet whether it is the fleet
   * @param closed whether it is under maintenance as a whole
   * @param reason why
   * @param exempt the routes that stay open
   * @param routes how many routes it has
   * @param shut how many of them a request does not get through to now
   * @param href the address of its routes
   */
  public record Card(
      String id,
      String key,
      String name,
      boolean fleet,
      boolean closed,
      String reason,
      List<String> exempt,
      int routes,
      int shut,
      String href) {
    public Card {
      exempt = List.copyOf(exempt);
    }
  }
}
