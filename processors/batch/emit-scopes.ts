import { reportOnce } from "../../src/diagnostics.ts";
import { keyOfValue } from "../../src/filters/rules/record-text.ts";
import type { FemtoLogRecord, FemtoMap, FemtoScope } from "../../src/record/log-record.ts";
import type { ResourceInput, ShapeDictionary } from "../shape/dictionary.ts";
import { EmitShapes } from "../shape/emit-shapes.ts";

/** Scopes of a resource that records made by filters may have; definitions take room that all records of the thread share. */
const SCOPES_MAX = 256;
/** Resources that are known again. */
const RESOURCES_MAX = 64;

interface ResourceScopes {
  readonly byScope: WeakMap<FemtoScope, EmitShapes>;
  readonly byKey: Map<string, EmitShapes>;
}

/** The shapes of records that filters have made, by scope. One a thread: a scope is defined once. */
export class EmitScopes {
  readonly #dictionary: ShapeDictionary;
  readonly #resources = new WeakMap<ResourceInput, ResourceScopes>();
  /** One object for all resources that are alike: records that are decoded again and again have one of their own each time. */
  readonly #decodedResources = new Map<string, ResourceInput>();

  constructor(dictionary: ShapeDictionary) {
    this.#dictionary = dictionary;
  }

  /** @param known The resource of the record, as its logger knows it; without it, that which the record has. */
  shapesOf(record: FemtoLogRecord, known: ResourceInput | undefined): EmitShapes {
    const resource = known ?? this.#decodedResource(record.resource);
    const scopes = this.#scopesOf(resource);
    const { instrumentationScope: scope, loggerName } = record;
    const defined = scopes.byScope.get(scope);
    if (defined !== undefined && scope.name === loggerName) return defined;
    const key = keyOfValue([
      loggerName,
      scope.version ?? null,
      scope.schemaUrl ?? null,
      scope.attributes ?? null,
    ]);
    const shapes = scopes.byKey.get(key) ?? this.#define(scopes, { key, record, resource });
    if (scope.name === loggerName) scopes.byScope.set(scope, shapes);
    return shapes;
  }

  #decodedResource(resource: FemtoLogRecord["resource"]): ResourceInput {
    const key = keyOfValue([resource.attributes as FemtoMap, resource.schemaUrl ?? null]);
    let alike = this.#decodedResources.get(key);
    if (alike === undefined) {
      alike = { attributes: resource.attributes, schemaUrl: resource.schemaUrl };
      if (this.#decodedResources.size < RESOURCES_MAX) this.#decodedResources.set(key, alike);
    }
    return alike;
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
