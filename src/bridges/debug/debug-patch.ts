import { stripVTControlCharacters, type InspectOptions } from "node:util";
import type { DebugModule } from "../../options/bridge-options.ts";
import { severityName, type Level } from "../../record/severity.ts";
import type { BridgeLoggers } from "../bridge-loggers.ts";
import { mayCapture, runCapture } from "../guard.ts";
import { makeRecord } from "../make-record.ts";
import { patchProperty } from "../patch.ts";
import { printedErrors, printedText } from "../printed-values.ts";

type Values = readonly unknown[];

/** An instance of debug: what it has on it. */
interface DebugInstance {
  readonly namespace: string;
  readonly useColors?: boolean;
  /** Milliseconds since the instance printed last; 0 for the first time. */
  readonly diff?: number;
  readonly inspectOpts?: InspectOptions;
  log?: ((...values: Values) => unknown) | undefined;
}

/** Hooks of the package: each is looked up whenever an instance prints. */
interface DebugHooks {
  readonly coerce: (value: unknown) => unknown;
  readonly formatArgs: (this: DebugInstance, values: unknown[]) => void;
  readonly log?: (...values: Values) => unknown;
}

/** What records of debug are made with. */
export interface DebugParts {
  readonly loggers: BridgeLoggers;
  readonly forwards: boolean;
  /** 1 to 24. */
  readonly severity: number;
}

/**
 * Listens where each instance puts its prefix before the text: there everything is known, whoever has made the instance and wherever it
 * prints to.
 */
export class DebugPatch {
  readonly #hooks: DebugHooks;
  readonly #parts: DebugParts;
  readonly #undo: readonly (() => void)[];
  #isActive = true;
  /** What an error was before it became text: the first argument of the call that is at work. */
  #coerced: unknown;

  constructor(debug: DebugModule, parts: DebugParts) {
    const hooks = debug as unknown as DebugHooks;
    this.#hooks = hooks;
    this.#parts = parts;
    const { coerce, formatArgs } = hooks;
    const noteCoerced = (value: unknown): unknown => {
      this.#coerced = value;
      return coerce(value);
    };
    const onPrint = (instance: DebugInstance, values: unknown[]): void => this.#onPrint(instance, values);
    const patchedFormat = function (this: DebugInstance, values: unknown[]): void {
      onPrint(this, values);
      formatArgs.call(this, values);
    };
    this.#undo = [
      patchProperty({ target: debug, name: "coerce", label: "debug.coerce" }, noteCoerced),
      patchProperty({ target: debug, name: "formatArgs", label: "debug.formatArgs" }, patchedFormat),
    ];
  }

  release(): void {
    this.#isActive = false;
    for (const undo of this.#undo) undo();
  }

  /** @param values The text, without prefix, and what it is to be formatted with. */
  #onPrint(instance: DebugInstance, values: Values): void {
    const coerced = this.#coerced;
    this.#coerced = undefined;
    if (!this.#isActive || !mayCapture()) return;
    makeRecord("debug", () => this.#log(instance, { values: [...values], coerced }));
    this.#divert(instance);
  }

  /** What the instance prints now is not captured again, by way of the console, say; or it is not printed. */
  #divert(instance: DebugInstance): void {
    const own = Object.getOwnPropertyDescriptor(instance, "log");
    const print = instance.log ?? this.#hooks.log;
    const diverted = (...values: Values): unknown => {
      if (own === undefined) delete instance.log;
      else Object.defineProperty(instance, "log", own);
      if (!this.#parts.forwards) return undefined;
      let result: unknown;
      const forward = (): void => {
        result = print?.apply(instance, [...values]);
      };
      if (!runCapture(forward)) forward();
      return result;
    };
    Reflect.defineProperty(instance, "log", {
      value: diverted,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }

  #log(
    instance: DebugInstance,
    { values, coerced }: { readonly values: Values; readonly coerced: unknown },
  ): void {
    const { severity, loggers } = this.#parts;
    const { logger, isRenamed } = loggers.of(instance.namespace);
    if (!logger.isEnabledFor(severity as Level)) return;
    const { exception, attributes } = printedErrors([coerced, ...values]);
    const text = printedText(values, { ...instance.inspectOpts, colors: false });
    const { namespace, diff } = instance;
    logger.emit({
      severityNumber: severity,
      severityText: severityName(severity),
      body: instance.useColors === true ? stripVTControlCharacters(text) : text,
      attributes: {
        ...(isRenamed ? { "debug.namespace": namespace } : {}),
        ...(diff === undefined ? {} : { "debug.since_ms": diff }),
        ...attributes,
      },
      ...(exception === undefined ? {} : { exception }),
    });
  }
}
