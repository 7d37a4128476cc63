import { makeFragment, type Fragment } from "../../processors/shape/output.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { severityName } from "../record/severity.ts";
import { jsonText } from "./json-value.ts";
import { TextBody } from "./body.ts";
import { INSIDE_JSON_STRING } from "./body-value.ts";
import { ATTRIBUTES_PREFIX, ReservedKeys } from "./reserved-keys.ts";

/** The keys of a line that are not attributes. */
export interface JsonNames {
  readonly time: string;
  readonly level: string;
  /** `false` leaves the severity number out. */
  readonly severity: string | false;
  readonly logger: string;
  readonly msg: string;
  readonly event: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: string;
  readonly droppedAttributes: string;
}

const DEFAULT_NAMES: JsonNames = {
  time: "time",
  level: "level",
  severity: "severity",
  logger: "logger",
  msg: "msg",
  event: "event",
  traceId: "trace_id",
  spanId: "span_id",
  traceFlags: "trace_flags",
  droppedAttributes: "dropped_attributes",
};

const NOTHING: Fragment = makeFragment("");

/** What is computed once for each shape. */
export interface JsonParts {
  readonly owner: JsonLayout;
  /** From the end of the time to the first thing that differs from record to record. */
  readonly head: Fragment;
  /** Undefined where the message is a part of the head, or is no text. */
  readonly message: TextBody | undefined;
  /** From the end of the message to the first attribute; empty where the head says it all. */
  readonly afterMessage: Fragment;
  /** `,"key":` for each key of the shape. */
  readonly keys: readonly Fragment[];
}

/** The constant text of JSON lines: under which names what is written, and what of a line a shape decides. */
export class JsonLayout {
  readonly names: JsonNames;
  readonly reserved: ReservedKeys;
  /** Before the value of a body that is no text. */
  readonly msgKey: Fragment;
  readonly traceIdKey: Fragment;
  /** Between the trace id and the span id, and so on. */
  readonly spanIdKey: Fragment;
  readonly traceFlagsKey: Fragment;
  readonly droppedKey: Fragment;
  readonly extraKey: Fragment = makeFragment(',"');
  readonly renamedExtraKey: Fragment = makeFragment(`,"${ATTRIBUTES_PREFIX}`);
  readonly extraKeyEnd: Fragment = makeFragment('":');

  readonly #timeEnd: string;

  /**
   * @param timeEnd What ends the value of the time, such as `Z"`.
   * @throws {RangeError} Two names are the same.
   * @throws {TypeError} A name is empty or no text, or there is no such name.
   */
  constructor(names: Partial<JsonNames>, timeEnd: string) {
    this.names = mergeNames(names);
    this.#timeEnd = timeEnd;
    this.reserved = new ReservedKeys(fixedKeys(this.names));
    this.msgKey = makeFragment(`,${jsonText(this.names.msg)}:`);
    this.traceIdKey = makeFragment(`,${jsonText(this.names.traceId)}:"`);
    this.spanIdKey = makeFragment(`",${jsonText(this.names.spanId)}:"`);
    this.traceFlagsKey = makeFragment(`",${jsonText(this.names.traceFlags)}:"`);
    this.droppedKey = makeFragment(`,${jsonText(this.names.droppedAttributes)}:`);
  }

  /** What has been computed for a shape, computed now where it is the first time. */
  partsOf(shape: Shape): JsonParts {
    const known = shape.fragments as JsonParts | undefined;
    if (known?.owner === this) return known;
    const parts = this.#makeParts(shape);
    shape.fragments = parts;
    return parts;
  }

  #makeParts(shape: Shape): JsonParts {
    const keys = shape.keys.map((key) => makeFragment(`,${jsonText(this.reserved.rename(key))}:`));
    const event =
      shape.eventName === undefined ? "" : `,${jsonText(this.names.event)}:${jsonText(shape.eventName)}`;
    const parts = { owner: this, keys, message: undefined, afterMessage: NOTHING };
    const head = this.#headOf(shape);
    const opening = `${head},${jsonText(this.names.msg)}:"`;
    switch (shape.body) {
      case "none":
        return { ...parts, head: makeFragment(head + event) };
      case "value":
        return { ...parts, head: makeFragment(head), afterMessage: makeFragment(event) };
      default: {
        const message = new TextBody(shape, INSIDE_JSON_STRING);
        if (message.constant !== undefined) {
          return { ...parts, head: makeFragment(`${opening}${message.constant}"${event}`) };
        }
        return { ...parts, head: makeFragment(opening), message, afterMessage: makeFragment(`"${event}`) };
      }
    }
  }

  #headOf(shape: Shape): string {
    const { names } = this;
    const level = jsonText(shape.severityText || severityName(shape.severityNumber));
    const severity = names.severity === false ? "" : `,${jsonText(names.severity)}:${shape.severityNumber}`;
    return `${this.#timeEnd},${jsonText(names.level)}:${level}${severity},${jsonText(names.logger)}:${jsonText(shape.scope.name)}`;
  }
}

function mergeNames(given: Partial<JsonNames>): JsonNames {
  for (const option of Object.keys(given)) {
    if (Object.hasOwn(DEFAULT_NAMES, option)) continue;
    const known = Object.keys(DEFAULT_NAMES).join(", ");
    throw new TypeError(`Cannot make JSON lines: "names.${option}" is unknown, must be one of ${known}`);
  }
  const names = { ...DEFAULT_NAMES };
  for (const [option, name] of Object.entries(given)) {
    if (name !== undefined) Object.assign(names, { [option]: name });
  }
  checkNames(names);
  return names;
}

function checkNames(names: JsonNames): void {
  const owners = new Map<string, string>();
  for (const [option, name] of Object.entries(names) as [string, string | false][]) {
    if (name === false && option === "severity") continue;
    if (typeof name !== "string" || name === "") {
      throw new TypeError(
        `Cannot make JSON lines: "names.${option}" is ${JSON.stringify(name)}, must be a text of 1 character or more`,
      );
    }
    const owner = owners.get(name);
    if (owner !== undefined) {
      throw new RangeError(
        `Cannot make JSON lines: "names.${owner}" and "names.${option}" are both "${name}", must differ`,
      );
    }
    owners.set(name, option);
  }
}

function fixedKeys(names: JsonNames): string[] {
  return Object.values(names).filter((name: string | false): name is string => name !== false);
}
