import { describe, expect, test } from "vitest";

import { decodeLogsJson } from "../../proto/decode-json.ts";
import { decodeLogs } from "../../proto/decode.ts";
import type { DecodedResource } from "../../proto/model.ts";
import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import { recordOf, resourceOf, scopeOf, shapeOf } from "./otlp-records.ts";

describe.each([
  { name: "OtlpProtobufRenderer", Renderer: OtlpProtobufRenderer, decode: decodeLogs },
  { name: "OtlpJsonRenderer", Renderer: OtlpJsonRenderer, decode: decodeLogsJson },
] as const)("attributes of a resource, by $name", ({ Renderer, decode }) => {
  /** What comes out of the attributes of a resource. */
  function resourceWith(attributes: Record<string, unknown>): DecodedResource {
    const renderer = new Renderer();
    renderer.add(recordOf({ shape: shapeOf({ scope: scopeOf("a", { resource: resourceOf(attributes) }) }) }));
    const [record] = decode(renderer.finish());
    if (record === undefined) throw new Error("no record came out");
    return record.resource;
  }

  test("are mapped like those of a record, in their order, undefined ones left out", () => {
    const attributes = {
      text: "a",
      int: -1,
      big: 2n ** 62n,
      half: 0.5,
      none: null,
      gone: undefined,
      list: [true, { k: 1 }],
    };
    expect([...resourceWith(attributes).attributes]).toEqual([
      ["text", "a"],
      ["int", -1n],
      ["big", 2n ** 62n],
      ["half", 0.5],
      ["none", null],
      ["list", [true, new Map([["k", 1n]])]],
    ]);
  });

  test("that cannot be read or end in themselves are marked texts", () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const attributes = {
      cyclic,
      get broken(): never {
        throw new Error("no value");
      },
    };
    expect([...resourceWith(attributes).attributes]).toEqual([
      ["cyclic", ["[Circular]"]],
      ["broken", "[Throws: no value]"],
    ]);
  });

  test("that find no room, all together being larger than a record may be, are dropped and counted", () => {
    const resource = resourceWith({ small: 1, large: "x".repeat(17_000_000), last: true });
    expect([...resource.attributes]).toEqual([
      ["small", 1n],
      ["last", true],
    ]);
    expect(resource.droppedAttributesCount).toBe(1);
  });
});
