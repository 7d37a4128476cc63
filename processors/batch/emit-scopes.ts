import { reportOnce } from "../../src/diagnostics.ts";
import type { FemtoLogRecord, FemtoScope } from "../../src/record/log-record.ts";
import type { ResourceInput, ShapeDictionary } from "../shape/dictionary.ts";
import { EmitShapes } from "../shape/emit-shapes.ts";

/** Scopes of a resource that records made by filters may have; definitions take room that all records of the thread share. */
const SCOPES_MAX = 256;

interface ResourceScopes {
  readonly byScope: WeakMap<FemtoScope, EmitShapes>;
  readonly byKey: Map<string, EmitShapes>;
}

/** The shapes of records that filters have made, by scope. One a thread: a scope is defined once. */
export class EmitScopes {
  readonly #dictionary: ShapeDictionary;
  readonly #resources = new WeakMap<ResourceInput, ResourceScopes>();

  constructor(dictionary: ShapeDictionary) {
    this.#dictionary = dictionary;
  }

  /** @param resource That of the record, as its logger knows it. */
  shapesOf(record: FemtoLogRecord, resource: ResourceInput): EmitShapes {
    const scopes = this.#scopesOf(resource);
    const { instrumentationScope: scope, loggerName } = record;
    const known = scopes.byScope.get(scope);
    if (known !== undefined && scope.name === loggerName) return known;
    const key = JSON.stringify([loggerName, scope.version, scope.schemaUrl, scope.attributes]);
    const shapes = scopes.byKey.get(key) ?? this.#define(scopes, { key, record, resource });
    if (scope.name === loggerName) scopes.byScope.set(scope, shapes);
    return shapes;
  }

  #scopesOf(resource: ResourceInput): ResourceScopes {
    let scopes = this.#resources.get(resource);
    if (scopes === undefined) {
      scopes = { byScope: new WeakMap<FemtoScope, EmitShapes>(), byKey: new Map<string, EmitShapes>() };
      this.#resources.set(resource, scopes);
    }
    return scopes;
  }

  #define(
    scopes: ResourceScopes,
    made: { readonly key: string; readonly record: FemtoLogRecord; readonly resource: ResourceInput },
  ): EmitShapes {
    const first = scopes.byKey.values().next().value;
    if (first !== undefined && scopes.byKey.size >= SCOPES_MAX) {
      reportOnce(
        "filter scopes",
        `Filters have made records of more than ${SCOPES_MAX} loggers: those of further ones have the name of another; give what varies as attributes`,
      );
      return first;
    }
    const { instrumentationScope: scope, loggerName } = made.record;
    const defined = this.#dictionary.defineScope({ ...scope, name: loggerName }, made.resource);
    const shapes = new EmitShapes(this.#dictionary, defined);
    scopes.byKey.set(made.key, shapes);
    return shapes;
  }
}
