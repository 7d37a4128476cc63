import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { FrameReader } from "../../../src/receiver/socket/frame-reader.ts";
import { frame } from "../../exporters/socket/frames-of.ts";

/** Pushes the chunks, and gives what came out. */
function read(
  reader: FrameReader,
  chunks: readonly Uint8Array[],
): { readonly texts: string[]; readonly isFine: boolean } {
  const texts: string[] = [];
  const isFine = chunks.every((chunk) =>
    reader.push(Buffer.from(chunk), (payload) => texts.push(payload.toString())),
  );
  return { texts, isFine };
}

describe("FrameReader.push()", () => {
  test("frames come out whole, however the bytes were cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 30 }), { maxLength: 6 }),
        fc.array(fc.nat({ max: 12 })),
        (texts, cuts) => {
          const bytes = Buffer.concat(texts.map((text) => frame(text)));
          const chunks: Buffer[] = [];
          let at = 0;
          for (const cut of cuts) {
            chunks.push(bytes.subarray(at, at + cut));
            at = Math.min(bytes.length, at + cut);
          }
          const reader = new FrameReader(1_000);
          expect(read(reader, [...chunks, bytes.subarray(at)])).toEqual({ texts, isFine: true });
          expect(reader.isInFrame).toBe(false);
        },
      ),
    );
  });

  test("a frame of exactly frameBytesMax passes, one more byte does not", () => {
    const reader = new FrameReader(3);
    expect(read(reader, [frame("abc"), frame("abcd")])).toEqual({ texts: ["abc"], isFine: false });
    expect(reader.oversizedBytes).toBe(4);
  });

  test("the length alone tells that a frame is too large", () => {
    const reader = new FrameReader(1_000);
    expect(read(reader, [Buffer.of(0xff, 0xff, 0xff, 0xff)]).isFine).toBe(false);
    expect(reader.oversizedBytes).toBe(4_294_967_295);
  });

  test("isInFrame tells of a frame, or a length, that has begun", () => {
    const reader = new FrameReader(1_000);
    expect(reader.isInFrame).toBe(false);
    read(reader, [Buffer.of(0)]);
    expect(reader.isInFrame).toBe(true);
    read(reader, [Buffer.of(0, 0, 2), Buffer.from("a")]);
    expect(reader.isInFrame).toBe(true);
    expect(read(reader, [Buffer.from("b")]).texts).toEqual(["ab"]);
    expect(reader.isInFrame).toBe(false);
  });
});
