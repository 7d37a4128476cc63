import { decodeLogsJson } from "../../proto/decode-json.ts";
import type { DecodedLogRecord } from "../../proto/model.ts";

/** The records in lines of OTLP JSON, line by line. @throws {Error} A line is not whole. */
export function recordsInOtlpLines(text: string): DecodedLogRecord[] {
  const lines = text.split("\n");
  const rest = lines.pop();
  if (rest !== "") throw new Error(`The last line has no end: ${rest}`);
  return lines.flatMap((line) => decodeLogsJson(line));
}

/** The attribute `i` of the records in lines of OTLP JSON; of those that have one. */
export function numbersInOtlpLines(text: string): number[] {
  return recordsInOtlpLines(text).flatMap(({ attributes }) =>
    attributes.has("i") ? [Number(attributes.get("i"))] : [],
  );
}
