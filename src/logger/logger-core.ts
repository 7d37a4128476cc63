import type { DefinedScope, ScopeInput } from "../../processors/shape/dictionary.ts";
import { EmitShapes } from "../../processors/shape/emit-shapes.ts";
import { severityName } from "../record/severity.ts";
import { LevelCalls } from "./call-shapes.ts";
import type { LogSystem } from "./log-system.ts";
import type { RecordRoute } from "./ports.ts";

const SEVERITY_COUNT = 25;

function noLevels(): (LevelCalls | undefined)[] {
  return Array.from({ length: SEVERITY_COUNT }, () => undefined);
}

/** What a logger and those made from it by `with` share. One thread's own. */
export class LoggerCore {
  readonly system: LogSystem;
  readonly scope: ScopeInput;
  #slot: number;
  #moveCount: number;
  #levels: (LevelCalls | undefined)[] = noLevels();
  #defined: DefinedScope | undefined;
  #emitShapes: EmitShapes | undefined;
  #route: RecordRoute | undefined;
  #generation = -1;

  constructor(system: LogSystem, scope: ScopeInput) {
    this.system = system;
    this.scope = scope;
    this.#slot = this.#find();
    this.#moveCount = system.moveCount;
  }

  /** The logger's place in the table. */
  get slot(): number {
    this.#follow();
    return this.#slot;
  }

  /** Where the effective level stands: the word `cell` of these. Others after the thread has gone to another arena. */
  get words(): Int32Array {
    return this.system.table.words;
  }

  get cell(): number {
    return this.system.table.cell(this.slot);
  }

  calls(severity: number): LevelCalls {
    this.#follow();
    return (this.#levels[severity] ??= new LevelCalls({
      severity,
      severityText: severityName(severity),
      dictionary: this.system.port.dictionary,
      scope: this.#scopeOf(),
      budget: this.system.budget,
    }));
  }

  get emitShapes(): EmitShapes {
    this.#follow();
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

  #find(): number {
    return this.system.table.find(this.scope.name === "root" ? "" : this.scope.name);
  }

  /** What was known of the arena before is not true of another one. */
  #follow(): void {
    if (this.#moveCount === this.system.moveCount) return;
    this.#moveCount = this.system.moveCount;
    this.#slot = this.#find();
    this.#levels = noLevels();
    this.#defined = undefined;
    this.#emitShapes = undefined;
    this.#route = undefined;
  }

  #scopeOf(): DefinedScope {
    this.#defined ??= this.system.port.dictionary.defineScope(this.scope, this.system.resource);
    return this.#defined;
  }
}
