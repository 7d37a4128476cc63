import { expect, onTestFinished, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import type { OtlpReceiverOptions } from "../../src/receiver/index.ts";
import { double, field, fixed32, fixed64, number, requestOf } from "../proto/hand-made.ts";
import { emptyRecords, events, send } from "./client.ts";

async function startReceiver(options?: OtlpReceiverOptions): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start(options);
  onTestFinished(async () => await receiver.stop());
  return receiver;
}

async function read(url: string): Promise<{ status: number; text: string }> {
  const { status, body } = await send(url, { method: "GET", headers: {} });
  return { status, text: body.toString() };
}

test("statsUrl answers with the counts", async () => {
  const receiver = await startReceiver();
  await send(receiver.url, { body: events("a", "b") });
  const { status, text } = await read(receiver.statsUrl);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toStrictEqual({ ...receiver.counts });
  expect(JSON.parse(text)).toMatchObject({ requests: 1, records: 2 });
});

test("statsUrl with records=N answers as soon as they have come", async () => {
  const receiver = await startReceiver();
  const reading = read(`${receiver.statsUrl}?records=5`);
  await send(receiver.url, { body: emptyRecords(3) });
  await send(receiver.url, { body: emptyRecords(3) });
  const { status, text } = await reading;
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ records: 6 });
});

test("statsUrl with records=N answers 504 and the counts when they have not come in time", async () => {
  const receiver = await startReceiver();
  await send(receiver.url, { body: emptyRecords(3) });
  const { status, text } = await read(`${receiver.statsUrl}?records=4&timeoutMillis=1`);
  expect(status).toBe(504);
  expect(JSON.parse(text)).toMatchObject({ records: 3 });
});

test.each(["records=x", "records=-1", "timeoutMillis=600001"])("statsUrl refuses %s", async (query) => {
  const receiver = await startReceiver();
  expect((await read(`${receiver.statsUrl}?${query}`)).status).toBe(400);
});

test("recordsUrl gives a line a record, in a form without loss", async () => {
  const receiver = await startReceiver();
  const body = field(
    5,
    field(
      6,
      field(1, field(1, "__proto__"), field(2, number(3, 2n ** 63n - 1n))),
      field(
        1,
        field(1, "list"),
        field(2, field(5, field(1, double(4, Number.NaN)), field(1, field(7, "\u0001")))),
      ),
    ),
  );
  const record = Buffer.concat([fixed64(1, 1_700_000_000_123_456_789n), fixed32(8, 1), body]);
  await send(receiver.url, { body: requestOf(record, field(12, "second")) });
  const { text } = await read(receiver.recordsUrl);
  const [first = "", second = "", ...rest] = text.split("\n");
  expect(rest).toStrictEqual([""]);
  expect(first).toContain('"timeUnixNano":"1700000000123456789"');
  expect(first).toContain('"body":{"__proto__":"9223372036854775807","list":["NaN","AQ=="]}');
  expect(JSON.parse(second)).toStrictEqual({
    timeUnixNano: "0",
    observedTimeUnixNano: "0",
    severityNumber: 0,
    severityText: "",
    attributes: {},
    droppedAttributesCount: 0,
    flags: 0,
    traceId: "",
    spanId: "",
    eventName: "second",
    scope: { name: "", version: "", attributes: {}, droppedAttributesCount: 0, schemaUrl: "" },
    resource: { attributes: {}, droppedAttributesCount: 0, schemaUrl: "" },
  });
});

test("recordsUrl gives all records when there are many", async () => {
  const receiver = await startReceiver();
  await send(receiver.url, { body: emptyRecords(1000) });
  const { text } = await read(receiver.recordsUrl);
  expect(text.split("\n")).toHaveLength(1001);
});

test("recordsUrl is empty when records are only counted", async () => {
  const receiver = await startReceiver({ keep: "count" });
  await send(receiver.url, { body: emptyRecords(3) });
  expect(await read(receiver.recordsUrl)).toStrictEqual({ status: 200, text: "" });
});

test("reading the counts is not counted", async () => {
  const receiver = await startReceiver({ statsPath: "/healthz", recordsPath: "/all" });
  await read(receiver.statsUrl);
  await read(receiver.recordsUrl);
  expect(receiver.statsUrl).toMatch(/\/healthz$/);
  expect(receiver.counts).toMatchObject({ requests: 0, errors: 0 });
});
