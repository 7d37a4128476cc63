import { parseJson } from "../../../proto/json-source.ts";
import type { FemtoValue } from "../../record/log-record.ts";
import { containerCountMax, depthMax, FrameFault } from "./frame-fault.ts";
import { readCbor } from "./read-cbor.ts";
import { readMsgpack } from "./read-msgpack.ts";

const OPENING_BRACE = 0x7b;

/**
 * Decodes the payload of a frame. Its first byte tells the encoding: a map begins with `{` in JSON, with 0x80 to 0x8f or
 * 0xde or 0xdf in MessagePack, and with 0xa0 to 0xbf in CBOR. Any thread; synchronous.
 *
 * @throws {FrameFault} It is a map in none of them.
 */
export function readPayload(payload: Buffer): FemtoValue {
  const [first] = payload;
  if (first === undefined) throw new FrameFault("the frame is empty");
  if (first === OPENING_BRACE) return readJson(payload);
  if ((first & 0xf0) === 0x80 || first === 0xde || first === 0xdf) return readMsgpack(payload);
  if ((first & 0xe0) === 0xa0) return readCbor(payload);
  throw new FrameFault(
    `a frame that begins with 0x${first.toString(16)} is no map in MessagePack, CBOR or JSON`,
  );
}

function readJson(payload: Buffer): FemtoValue {
  let value: FemtoValue;
  try {
    value = parseJson(payload) as FemtoValue;
  } catch (cause) {
    throw new FrameFault("it is not JSON in UTF-8", { cause });
  }
  checkContainers(value, 0, 0);
  return value;
}

/** Counts the arrays and maps of a value, those before it included. @throws {FrameFault} Too many, or too deep. */
function checkContainers(value: FemtoValue, depth: number, countBefore: number): number {
  if (typeof value !== "object" || value === null) return countBefore;
  if (depth >= depthMax) throw new FrameFault(`arrays and maps are nested deeper than ${depthMax}`);
  let count = countBefore + 1;
  if (count > containerCountMax) {
    throw new FrameFault(`there are more than ${containerCountMax} arrays and maps`);
  }
  for (const member of Object.values(value) as FemtoValue[])
    count = checkContainers(member, depth + 1, count);
  return count;
}
