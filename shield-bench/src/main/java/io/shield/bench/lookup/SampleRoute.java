package io.shield.bench.lookup;

/**
 * One GET route of the sample API. Routes with even numbers have an exact path, the others a
 * template with two parameters; two of fifty are disabled, one of each kind.
 */
record SampleRoute(int number) {
  /** Routers with more routes than this take too long to fill, see {@link SampleApi}. */
  private static final int GROUP = 1000;

  /** The mount point of the sub-router it is in. */
  String mount() {
    return "/group" + number / GROUP;
  }

  /** Its path in the sub-router. */
  String path() {
    return isTemplate() ? "/orders" + number + "/:id/lines/:line" : "/invoices" + number + "/open";
  }

  boolean isTemplate() {
    return number % 2 == 1;
  }

  boolean isDisabled() {
    return number % 50 == 0 || number % 50 == 1;
  }

  String template() {
    return mount() + path();
  }

  /** The path of a request for it. */
  String request() {
    return template().replace(":id", "4711").replace(":line", "3");
  }

  /** The path of a request like one for it that no route takes, astray in one of three segments. */
  String unknownRequest() {
    return switch (number % 3) {
      case 0 -> request().replace("/group", "/grope");
      case 1 ->
          isTemplate()
              ? request().replace("/orders", "/ordeal")
              : request().replace("/invoices", "/involved");
      default ->
          isTemplate()
              ? request().replace("/lines", "/links")
              : request().replace("/open", "/odds");
    };
  }
}
