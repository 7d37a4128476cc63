import type { DefinedScope, ScopeInput } from "../../processors/shape/dictionary.ts";
import { EmitShapes } from "../../processors/shape/emit-shapes.ts";
import { severityName } from "../record/severity.ts";
import { LevelCalls } from "./call-shapes.ts";
import type { LogSystem } from "./log-system.ts";
import type { RecordRoute } from "./ports.ts";

const SEVERITY_COUNT = 25;

/** What a logger and those made from it by `with` share. One thread's own. */
export class LoggerCore {
  readonly system: LogSystem;
  readonly scope: ScopeInput;
  readonly slot: number;
  readonly words: Int32Array;
  readonly cell: number;
  readonly #levels: (LevelCalls | undefined)[] = Array.from({ length: SEVERITY_COUNT }, () => undefined);
  #defined: DefinedScope | undefined;
  #emitShapes: EmitShapes | undefined;
  #route: RecordRoute | undefined;
  #generation = -1;

  constructor(system: LogSystem, scope: ScopeInput) {
    this.system = system;
    this.scope = scope;
    this.slot = system.table.find(scope.name === "root" ? "" : scope.name);
    this.words = system.table.words;
    this.cell = system.table.cell(this.slot);
  }

  calls(severity: number): LevelCalls {
    return (this.#levels[severity] ??= new LevelCalls({
      severity,
      severityText: severityName(severity),
      dictionary: this.system.port.dictionary,
      scope: this.#scopeOf(),
      budget: this.system.budget,
    }));
  }

  get emitShapes(): EmitShapes {
    this.#emitShapes ??= new EmitShapes(this.system.port.dictionary, this.#scopeOf());
    return this.#emitShapes;
  }

  /** The way to the handlers that are the logger's at the moment. */
  get route(): RecordRoute {
    const generation = this.system.table.generation;
    if (generation !== this.#generation || this.#route === undefined) {
      this.#route = this.system.routeOf(this.slot, this.scope.name);
      this.#generation = generation;
    }
    return this.#route;
  }

  #scopeOf(): DefinedScope {
    this.#defined ??= this.system.port.dictionary.defineScope(this.scope, this.system.resource);
    return this.#defined;
  }
}
