/** OTLP by way of objects, as the stock exporters make it: a message object for the batch, then protobufjs or `JSON.stringify`. */
import type { Type } from "protobufjs/light.js";

import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import { readValue, skipValue, type ReadValue } from "../../processors/shape/value-reader.ts";
import { otlpSchema } from "../../proto/schema.ts";

const NANOS_PER_SECOND = 1_000_000_000n;

/** How the numbers of 64 bits look in the objects. */
type WideNumber = string | { readonly low: number; readonly high: number };

interface LogRecordObject {
  readonly timeUnixNano: WideNumber;
  readonly observedTimeUnixNano: WideNumber;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: object;
  readonly attributes: readonly object[];
}

/** An `ExportLogsServiceRequest` as an object; all records are of one scope. */
interface RequestObject {
  readonly resourceLogs: readonly object[];
}

abstract class ObjectRenderer implements BatchRenderer {
  #records: LogRecordObject[] = [];
  #first: RecordCursor["shape"] | undefined;

  protected abstract wide(value: bigint): WideNumber;
  protected abstract int(value: number): number | string;
  protected abstract encode(request: RequestObject): Uint8Array;

  add(record: RecordCursor): void {
    const { shape, timeSeconds, timeNanos } = record;
    this.#first ??= shape;
    const time = this.wide(BigInt(timeSeconds) * NANOS_PER_SECOND + BigInt(timeNanos));
    this.#records.push({
      timeUnixNano: time,
      observedTimeUnixNano: time,
      severityNumber: shape.severityNumber,
      severityText: shape.severityText,
      body: { stringValue: shape.template },
      attributes: this.#attributesOf(record),
    });
  }

  /** A batch ends by the number of its records. */
  get byteCount(): number {
    return 0;
  }

  finish(_into?: OutputBuffer): Uint8Array {
    const { name = "", resource } = this.#first?.scope ?? {};
    const scopeLogs = [{ scope: { name }, logRecords: this.#records }];
    const attributes = Object.entries(resource?.attributes ?? {}).map(([key, value]) => ({
      key,
      value: this.#anyValue(value as ReadValue),
    }));
    const bytes = this.encode({ resourceLogs: [{ resource: { attributes }, scopeLogs }] });
    this.#records = [];
    return bytes;
  }

  #attributesOf({ bytes, view, shape, valuesAt }: RecordCursor): object[] {
    const attributes: object[] = [];
    let at = valuesAt;
    for (const key of shape.keys) {
      attributes.push({ key, value: this.#anyValue(readValue(bytes, view, at)) });
      at = skipValue(view, at);
    }
    return attributes;
  }

  #anyValue(value: ReadValue): object {
    if (typeof value === "string") return { stringValue: value };
    if (typeof value === "boolean") return { boolValue: value };
    return Number.isInteger(value) ? { intValue: this.int(value as number) } : { doubleValue: value };
  }
}

/** protobufjs, from the definitions of the .proto files. */
export class ProtobufjsRenderer extends ObjectRenderer {
  readonly #type: Type = otlpSchema().exportLogsServiceRequest;

  protected wide(value: bigint): WideNumber {
    return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)) };
  }

  protected int(value: number): number {
    return value;
  }

  protected encode(request: RequestObject): Uint8Array {
    return this.#type.encode(request).finish();
  }
}

/** OTLP/JSON by `JSON.stringify`. */
export class OtlpStringifyRenderer extends ObjectRenderer {
  protected wide(value: bigint): WideNumber {
    return value.toString();
  }

  protected int(value: number): string {
    return String(value);
  }

  protected encode(request: RequestObject): Uint8Array {
    return Buffer.from(JSON.stringify(request), "utf8");
  }
}
