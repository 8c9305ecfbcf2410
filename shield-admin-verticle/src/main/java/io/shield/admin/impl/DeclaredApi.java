package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.DeclaredState;
import io.shield.ShieldEngine;
import io.shield.admin.document.DifferenceJson;
import io.shield.admin.document.DocumentText;
import io.shield.error.InvalidValueException;
import io.shield.error.VersionMismatchException;
import io.shield.model.store.Head;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All that is configured as one document: reading it, and bringing one into force. */
final class DeclaredApi {
  static final String APPLY = "/api/apply";

  private static final String WEBHOOKS = "webhooks";
  private static final Set<String> FOR_EVERYBODY =
      DeclaredState.SECTIONS.stream()
          .filter(section -> !section.equals(WEBHOOKS))
          .collect(Collectors.toUnmodifiableSet());

  private final ShieldEngine engine;

  DeclaredApi(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/export", Access.VIEWER, this::export)
            .reads("section", "service", "owner", "format"),
        Endpoint.post(APPLY, Access.OPERATOR, this::apply).reads("dry_run", "prune", "reason"));
  }

  private Future<Answer> export(Call call) {
    String section = call.parameter("section");
    boolean all = Access.ADMIN.allows(call.principal().role());
    Set<String> sections = all ? Set.of() : FOR_EVERYBODY;
    if (section != null) {
      sections = Set.of(section.split(",", -1));
      checkMay(call, sections.contains(WEBHOOKS));
    }
    DeclaredState.Scope scope =
        new DeclaredState.Scope(call.parameter("service"), call.parameter("owner"), sections);
    ObjectNode document = engine.declared().export(scope);
    return tagged(isYaml(call) ? yaml(document) : Answer.json(document)).now();
  }

  /** An address can be a secret: webhooks are the administrators'. */
  private static void checkMay(Call call, boolean webhooks) {
    if (webhooks && !Access.ADMIN.allows(call.principal().role())) {
      throw RefusedException.forbidden("webhooks in a document take the role admin");
    }
  }

  private static boolean isYaml(Call call) {
    String format = call.parameter("format");
    if (format != null && !format.equals("json") && !format.equals("yaml")) {
      throw new InvalidValueException("format", format, "json or yaml");
    }
    return "yaml".equals(format);
  }

  private static Answer yaml(ObjectNode document) {
    return Answer.text(200, "application/yaml", DocumentText.yaml(document));
  }

  private Answer tagged(Answer answer) {
    Head head = engine.snapshot().head();
    return answer.with("ETag", ETags.of(head, head.revision()));
  }

  private Future<Answer> apply(Call call) {
    boolean dryRun = call.flag("dry_run");
    boolean prune = call.flag("prune");
    String reason = call.documentReason(dryRun);
    Head head = engine.snapshot().head();
    String ifMatch = call.ifMatch();
    if (!ETags.allows(ifMatch, head, head.revision())) {
      return mismatch().now();
    }
    DeclaredState.Options options =
        new DeclaredState.Options(prune, reason, ifMatch == null ? null : head.revision());
    String text = call.text();
    return engine
        .vertx()
        .executeBlocking(() -> document(text), false)
        .compose(
            document -> {
              checkMay(call, document.has(WEBHOOKS));
              return apply(call, document, options, dryRun);
            })
        .map(difference -> tagged(Answer.json(DifferenceJson.of(difference, dryRun))))
        .recover(
            failure ->
                failure instanceof VersionMismatchException
                    ? mismatch().now()
                    : Future.failedFuture(failure));
  }

  private static JsonNode document(String text) {
    JsonNode document = DocumentText.parse("body", text);
    VisibleText.check(document);
    return document;
  }

  private Future<DeclaredState.Difference> apply(
      Call call, JsonNode document, DeclaredState.Options options, boolean dryRun) {
    return dryRun
        ? Future.succeededFuture(engine.declared().preview(document, options))
        : engine.declared().apply(document, options, call.actor());
  }

  /** Somebody was faster: what there is now is exported anew. */
  private Answer mismatch() {
    return tagged(
        Answer.json(
            412,
            Errors.body("VERSION_MISMATCH", "something was changed meanwhile: export it again")));
  }
}
