/** The renderings by name, each with the way to read its bytes again. */
import type { BatchRenderer } from "../../processors/shape/renderer.ts";
import { decodeLogsJson } from "../../proto/decode-json.ts";
import { decodeLogs } from "../../proto/decode.ts";
import type { DecodedLogRecord } from "../../proto/model.ts";
import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import { otlpSchema } from "../../proto/schema.ts";
import { FemtoJsonFormatter } from "../../src/formatters/json-formatter.ts";
import { LineRenderer } from "../../src/formatters/line-renderer.ts";
import type { Rendering } from "./drain-ways.ts";
import { ConcatenatingRenderer, StringifyingRenderer } from "./json-renderers.ts";
import { MsgpackReader, MsgpackRenderer } from "./msgpack.ts";
import { OtlpStringifyRenderer, ProtobufjsRenderer } from "./otlp-objects.ts";
import { TEXT, type StandardAttributes } from "./standard-record.ts";

/** A rendering, and how its bytes are read. */
export interface RenderingPair {
  readonly makeRenderer: () => BatchRenderer;
  /** What a receiver on Node does first: bytes into objects. This is what decoding is measured by. */
  readonly parse: (bytes: Buffer) => unknown;
  /** The attributes of each record. @throws {Error} The text of one is wrong. */
  readonly read: (bytes: Buffer) => readonly StandardAttributes[];
}

function parseLines(bytes: Buffer): unknown[] {
  const lines = bytes.toString("utf8").split("\n");
  lines.pop();
  return lines.map((line) => JSON.parse(line) as unknown);
}

function parseMsgpack(bytes: Buffer): unknown[] {
  const reader = new MsgpackReader(bytes);
  const records: unknown[] = [];
  while (!reader.isAtEnd) records.push(reader.next());
  return records;
}

/** Records that are flat objects. */
function flat(parse: (bytes: Buffer) => unknown[]): Pick<RenderingPair, "parse" | "read"> {
  const read = (bytes: Buffer): StandardAttributes[] =>
    parse(bytes).map((record) => {
      const { msg, ...attributes } = record as StandardAttributes & { readonly msg: unknown };
      checkText(msg);
      return attributes;
    });
  return { parse, read };
}

/** Records as the decoders of this package give them, which know nothing of how they were encoded. */
function otlp(decode: (bytes: Buffer) => readonly DecodedLogRecord[]): RenderingPair["read"] {
  return (bytes) =>
    decode(bytes).map(({ body, attributes }) => {
      checkText(body);
      return {
        status: Number(attributes.get("status")),
        path: attributes.get("path") as string,
        cached: attributes.get("cached") as boolean,
        ms: Number(attributes.get("ms")),
      };
    });
}

function checkText(text: unknown): void {
  if (text !== TEXT) throw new Error(`A record has the text ${JSON.stringify(text)}, must be "${TEXT}"`);
}

const lines = flat(parseLines);
const protobuf = {
  parse: (bytes: Buffer) => otlpSchema().exportLogsServiceRequest.decode(bytes),
  read: otlp(decodeLogs),
};
const otlpJson = {
  parse: (bytes: Buffer): unknown => JSON.parse(bytes.toString("utf8")),
  read: otlp(decodeLogsJson),
};

/** All renderings. */
export const RENDERINGS: Readonly<Record<Rendering, RenderingPair>> = {
  "json-fragments": { ...lines, makeRenderer: () => new LineRenderer(new FemtoJsonFormatter()) },
  "json-concatenated": { ...lines, makeRenderer: () => new ConcatenatingRenderer() },
  "json-stringify": { ...lines, makeRenderer: () => new StringifyingRenderer() },
  msgpack: { ...flat(parseMsgpack), makeRenderer: () => new MsgpackRenderer() },
  "otlp-protobuf": { ...protobuf, makeRenderer: () => new OtlpProtobufRenderer() },
  "otlp-protobufjs": { ...protobuf, makeRenderer: () => new ProtobufjsRenderer() },
  "otlp-json": { ...otlpJson, makeRenderer: () => new OtlpJsonRenderer() },
  "otlp-json-stringify": { ...otlpJson, makeRenderer: () => new OtlpStringifyRenderer() },
};
