/** Random values as applications log them, and as nobody should. */
import type { Random } from "./random.ts";

/** What a record is given. `undefined` stands only inside of lists and maps. */
export type GivenValue =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly GivenValue[]
  | GivenMap;

/** A map, or the attributes of a record. */
export interface GivenMap {
  readonly [key: string]: GivenValue;
}

/**
 * `wild` values are those that some encoder somewhere gets wrong: what `stock-rules.ts` lists is about them, and only about
 * them. `plain` ones are all others.
 */
export type Temper = "plain" | "wild";

const DEPTH_MAX = 4;
const TWO_53 = 2 ** 53;
const TWO_63 = 2 ** 63;

/** Every character that some format escapes, and those around where UTF-8 gets longer. */
const ESCAPED: readonly string[] = [
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
  ...Array.from("\"\\/<&'\u007f\u0080\u00ff\u07ff\u0800\u2028\u2029\ufeff\uffff\ufffd\ud7ff\ue000"),
];
const PARTS: readonly string[] = [
  "a",
  "order",
  " paid ",
  "Zoë",
  "naïve",
  "日本",
  "😀",
  "𝄞",
  "€",
  "null",
  "0",
];
const LONE: readonly string[] = ["\ud800", "\udbff", "\udc00", "\udfff", "x\ud83d", "\ude00y"];
/** Lengths at which a length of protobuf, or a tag of the queue, gets longer. */
const LENGTHS: readonly number[] = [0, 1, 31, 32, 127, 128, 129, 255, 256, 300, 2_000];
const LONG_LENGTHS: readonly number[] = [16_383, 16_384, 16_385, 70_000];

const VARINT_EDGES: readonly number[] = [0, 1, -1, 63, 64, -64, -65, 127, 128, 255, 256];
const WORD_EDGES: readonly number[] = [31, 32, 40].flatMap((bits) => [
  2 ** bits,
  2 ** bits - 1,
  -(2 ** bits),
]);
const EDGES: readonly number[] = [...VARINT_EDGES, ...WORD_EDGES, -(2 ** 31) - 1, TWO_53 - 1, 1 - TWO_53];
const FRACTIONS: readonly number[] = [0.1, -0.5, 1e-7, 5e-324, -5e-324, 2.225073858507201e-308, -1e-300];
const STRANGE: readonly number[] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
/** Integers that are doubles only. */
const LONG: readonly number[] = [TWO_53, TWO_53 + 2, 2 ** 60, TWO_63 - 1024, TWO_63, 2 ** 64, 1e21, 1e300];
const WILD_NUMBERS: readonly number[] = [
  ...STRANGE,
  ...LONG,
  ...LONG.map((long) => -long),
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
];
const BIGINTS: readonly bigint[] = [53n, 63n, 64n].flatMap((bits) => [
  2n ** bits,
  2n ** bits - 1n,
  -(2n ** bits),
  -(2n ** bits) - 1n,
]);
const KEYS: readonly string[] = [
  "id",
  "user.id",
  "http.status",
  "naïve",
  "k 1",
  "日本",
  "1",
  "0",
  "toString",
  "length",
];
const WILD_KEYS: readonly string[] = ["", "__proto__", "constructor", "\ud800", "a\udfff"];

/** Any text, of lengths around those that matter. A wild one may have surrogates without partners. */
export function randomText(random: Random, temper: Temper): string {
  if (random.isChosen(0.15)) return "x".repeat(random.pick(LENGTHS));
  if (random.isChosen(0.001)) return "é".repeat(random.pick(LONG_LENGTHS));
  const isLone = temper === "wild" && random.isChosen(0.2);
  let text = "";
  for (let left = random.below(6); left > 0; left--)
    text += random.pick(random.isChosen(0.3) ? ESCAPED : PARTS);
  return isLone ? text + random.pick(LONE) + random.pick(PARTS) : text;
}

function randomNumber(random: Random, temper: Temper): number {
  if (temper === "wild" && random.isChosen(0.3)) return random.pick(WILD_NUMBERS);
  switch (random.below(5)) {
    case 0:
      return random.pick(EDGES);
    case 1:
      return random.pick(FRACTIONS);
    case 2:
      return random.between(-300, 300);
    case 3:
      return (random.isChosen(0.5) ? 1 : -1) * random.below(2 ** 21) * random.uint32() || 7;
    default:
      return tame(doubleOfBits(random.bits64()));
  }
}

/** A double of random bits: any exponent, subnormals too. */
function doubleOfBits(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** Doubles beyond 2^53 are integers, which only wild values may be. */
function tame(double: number): number {
  return Number.isSafeInteger(double) || !Number.isFinite(double) || Math.abs(double) >= TWO_53
    ? 0.25
    : double;
}

function randomBytes(random: Random): Uint8Array {
  const length = random.isChosen(0.1) ? random.pick([0, 127, 128, 300]) : random.below(8);
  // A part of a larger buffer, as those of Node are.
  const bytes = new Uint8Array(length + 3).subarray(3);
  for (let at = 0; at < length; at++) bytes[at] = random.below(256);
  return bytes;
}

function randomScalar(random: Random, temper: Temper): GivenValue {
  switch (random.below(8)) {
    case 0:
      return random.isChosen(0.5);
    case 1:
      return null;
    case 2:
    case 3:
      return randomNumber(random, temper);
    case 4:
      return randomBytes(random);
    case 5:
      if (temper === "plain") return randomText(random, temper);
      return random.isChosen(0.5) ? random.pick(BIGINTS) : BigInt.asIntN(64, random.bits64());
    default:
      return randomText(random, temper);
  }
}

/** Any value of OTLP, up to four levels deep. */
export function randomValue(random: Random, temper: Temper, depth = 0): GivenValue {
  if (depth >= DEPTH_MAX || !random.isChosen(0.2)) return randomScalar(random, temper);
  if (random.isChosen(0.5)) return randomMap(random, temper, { countMax: 4, depth: depth + 1 });
  const inner = (): GivenValue =>
    temper === "wild" && random.isChosen(0.05) ? undefined : randomValue(random, temper, depth + 1);
  return Array.from({ length: random.below(5) }, inner);
}

/** A key of a map. Two that become the same text when they are made well-formed do not come together: see `randomMap()`. */
function randomKey(random: Random, temper: Temper): string {
  if (temper === "wild" && random.isChosen(0.05)) return random.pick(WILD_KEYS);
  return random.isChosen(0.6)
    ? random.pick(KEYS)
    : `${randomText(random, "plain").slice(0, 40)}${random.below(50)}`;
}

/** Bytes as a prototype would make the stock SDK throw, or lose other keys: a defect upon another. */
function randomValueOf(
  random: Random,
  key: string,
  { temper, depth }: { readonly temper: Temper; readonly depth: number },
): GivenValue {
  if (key !== "__proto__") return randomValue(random, temper, depth);
  return random.isChosen(0.5) ? randomText(random, temper) : { a: random.below(10), id: "x" };
}

/** A map with keys of its own, "__proto__" among them. */
export function randomMap(
  random: Random,
  temper: Temper,
  { countMax, depth = 1 }: { readonly countMax: number; readonly depth?: number },
): GivenMap {
  const map: Record<string, GivenValue> = {};
  const taken = new Set<string>();
  for (let left = random.below(countMax + 1); left > 0; left--) {
    const key = randomKey(random, temper);
    if (taken.has(key.toWellFormed())) continue;
    taken.add(key.toWellFormed());
    const isAbsent = temper === "wild" && random.isChosen(0.05);
    const value = isAbsent ? undefined : randomValueOf(random, key, { temper, depth });
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return map;
}
