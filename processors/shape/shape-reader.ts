import { parseTemplate } from "../../src/record/template.ts";
import type { Arena } from "../queue/arena.ts";
import { DefinitionReader } from "../queue/definitions.ts";
import type { RecordCursor } from "./record-cursor.ts";
import type { BodyStyle, ResourceDefinition, ScopeDefinition, Shape } from "./shape.ts";
import { readValue, type ReadValue } from "./value-reader.ts";

type Fields = Record<string, ReadValue>;

const UNKNOWN_RESOURCE: ResourceDefinition = { attributes: {}, schemaUrl: undefined, pending: false };

interface ThreadShapes {
  readonly definitions: DefinitionReader;
  readonly shapes: (Shape | undefined)[];
  readonly scopes: (ScopeDefinition | undefined)[];
  readonly resources: (ResourceDefinition | undefined)[];
  /** Attributes of the resource that comes next: those of one that is too long for a single definition. */
  parts: Fields;
}

/** Finds the shape of each record; reads what the writing threads have defined. A consumer's own. */
export class ShapeReader {
  readonly #arena: Arena;
  readonly #view: DataView;
  readonly #threads: (ThreadShapes | undefined)[] = [];
  /** Scopes and resources that are alike are one object, whichever thread defined them. */
  readonly #scopes = new Map<string, ScopeDefinition>();
  readonly #resources = new Map<string, ResourceDefinition>();

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#view = new DataView(arena.memory);
  }

  /** The shape of a frame that `cursor.load` has just returned `id` for. */
  shapeOf(cursor: RecordCursor, place: { readonly lane: number; readonly id: number }): Shape {
    if (place.id === 0) return this.#inlineShape(cursor, place.lane);
    return this.find(place.lane, place.id);
  }

  /** The shape that thread `lane` knows by `id`, which is not 0. */
  find(lane: number, id: number): Shape {
    const known = this.#threads[lane]?.shapes[id];
    if (known !== undefined) return known;
    this.readDefinitions(lane);
    const found = this.#threads[lane]?.shapes[id];
    if (found === undefined) throw new Error(`thread slot ${lane} has not defined shape ${id}`);
    return found;
  }

  /** Forgets a thread: its slot may be another thread's soon. */
  forget(lane: number): void {
    this.#threads[lane] = undefined;
  }

  /**
   * True while some resource waits for attributes that are found out asynchronously. Looks for news first.
   * @param lanes Threads whose records may be waiting, and no others: the slot of a thread that this consumer does not
   *   hold may become another thread's at any moment, and its definitions with it. See `QueueReader.openedLanes`.
   */
  hasPendingResource(lanes: readonly number[]): boolean {
    let isPending = false;
    for (const lane of lanes) {
      this.readDefinitions(lane);
      if (this.#threads[lane]?.resources.some((resource) => resource?.pending)) isPending = true;
    }
    return isPending;
  }

  /** Reads what thread `lane` has defined since the last time. */
  readDefinitions(lane: number): void {
    const thread = (this.#threads[lane] ??= {
      definitions: new DefinitionReader(this.#arena, lane),
      shapes: [],
      scopes: [],
      resources: [],
      parts: {},
    });
    for (let at = thread.definitions.next(); at >= 0; at = thread.definitions.next()) {
      this.#define(thread, readValue(this.#arena.bytes, this.#view, at) as Fields);
    }
  }

  #define(thread: ThreadShapes, fields: Fields): void {
    const id = fields["id"] as number;
    switch (fields["kind"]) {
      case "part":
        thread.parts = { ...thread.parts, ...(fields["attributes"] as Fields) };
        break;
      case "resource":
        this.#defineResource(thread, id, {
          ...fields,
          attributes: { ...thread.parts, ...(fields["attributes"] as Fields) },
        });
        thread.parts = {};
        break;
      case "scope":
        thread.scopes[id] = this.#scope(thread, fields);
        break;
      default:
        thread.shapes[id] = this.#shape(thread, fields);
    }
  }

  #defineResource(thread: ThreadShapes, id: number, fields: Fields): void {
    const resource = this.#resource(fields);
    const before = thread.resources[id];
    thread.resources[id] = resource;
    if (before === undefined) return;
    // The asynchronous attributes have come: scopes point to the complete resource from now on.
    for (const scope of this.#scopes.values()) if (scope.resource === before) scope.resource = resource;
  }

  #resource(fields: Fields): ResourceDefinition {
    const key = keyOf([fields["attributes"], fields["schemaUrl"], fields["pending"]]);
    const known = this.#resources.get(key);
    if (known !== undefined) return known;
    const resource: ResourceDefinition = {
      attributes: fields["attributes"] as Fields,
      schemaUrl: fields["schemaUrl"] as string | undefined,
      pending: fields["pending"] === true,
    };
    this.#resources.set(key, resource);
    return resource;
  }

  #scope(thread: ThreadShapes, fields: Fields): ScopeDefinition {
    const resource = thread.resources[fields["resource"] as number] ?? UNKNOWN_RESOURCE;
    const key = keyOf([
      fields["name"],
      fields["version"],
      fields["schemaUrl"],
      fields["attributes"],
      resource.attributes as ReadValue,
      resource.schemaUrl,
    ]);
    const known = this.#scopes.get(key);
    if (known !== undefined && known.resource === resource) return known;
    const scope: ScopeDefinition = {
      name: fields["name"] as string,
      version: fields["version"] as string | undefined,
      schemaUrl: fields["schemaUrl"] as string | undefined,
      attributes: (fields["attributes"] ?? {}) as Fields,
      resource,
    };
    this.#scopes.set(key, scope);
    return scope;
  }

  #shape(thread: ThreadShapes, fields: Fields): Shape {
    const scope = fields["scope"];
    const known = typeof scope === "number" ? thread.scopes[scope] : this.#scope(thread, scope as Fields);
    const body = fields["body"] as BodyStyle;
    const template = fields["template"] as string;
    return {
      scope: known ?? this.#scope(thread, { name: "unknown" }),
      severityNumber: fields["severityNumber"] as number,
      severityText: fields["severityText"] as string,
      body,
      template,
      parsed: parseTemplate(template),
      argumentCount: fields["argumentCount"] as number,
      keys: fields["keys"] as string[],
      eventName: fields["eventName"] as string | undefined,
      fragments: undefined,
    };
  }

  #inlineShape(cursor: RecordCursor, lane: number): Shape {
    this.readDefinitions(lane);
    const fields = readValue(cursor.bytes, cursor.view, cursor.definitionAt) as Fields;
    return this.#shape(this.#threads[lane] as ThreadShapes, fields);
  }
}

function keyOf(parts: readonly ReadValue[]): string {
  return JSON.stringify(parts, (_key, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    return value instanceof Uint8Array ? [...value] : value;
  });
}
