/** Errors come to winston in many disguises: each is exception.* here, whatever the formats. */
import { describe, expect, test } from "vitest";
import winston from "winston";

import { bridge, type AnyWinston } from "./bridged.ts";

const { format } = winston;
const FORMATS: Readonly<Record<string, winston.Logform.Format>> = {
  "json()": format.json(),
  "errors(), json()": format.combine(format.errors(), format.json()),
  "errors({ stack, cause }), splat(), json()": format.combine(
    format.errors({ stack: true, cause: true }),
    format.splat(),
    format.json(),
  ),
};

class PaymentError extends RangeError {
  readonly code = "E_PAID";
}

function makeError(): PaymentError {
  return new PaymentError("no money", { cause: new Error("bank is shut") });
}

const DISGUISES: Readonly<
  Record<string, { readonly log: (log: AnyWinston, error: Error) => void; readonly body: string }>
> = {
  "error(error)": { log: (log, error) => log["error"]!(error), body: "no money" },
  "error(text, error)": {
    log: (log, error) => log["error"]!("cannot pay:", error),
    body: "cannot pay: no money",
  },
  "error(text with a hole, value, error)": {
    log: (log, error) => log["error"]!("cannot pay %d", 7, error),
    body: "cannot pay 7",
  },
  "log({ level, message: error })": {
    log: (log, error) => log["log"]!({ level: "error", message: error }),
    body: "no money",
  },
  "log(level, error)": { log: (log, error) => log["log"]!("error", error), body: "no money" },
  "error(text, { err })": {
    log: (log, error) => log["error"]!("cannot pay", { err: error }),
    body: "cannot pay",
  },
  "error(text, { error })": {
    log: (log, error) => log["error"]!("cannot pay", { error }),
    body: "cannot pay",
  },
};

describe.for(Object.entries(FORMATS))("with %s", ([, logFormat]) => {
  test.for(Object.entries(DISGUISES))("%s", async ([, { log, body }]) => {
    const { call, takeOne } = bridge({ format: logFormat, defaultMeta: { service: "shop" } });
    const error = makeError();
    log(call, error);
    const record = await takeOne();
    expect(record).toMatchObject({ severityNumber: 17, severityText: "error", body });
    expect(record.attributes).toMatchObject({
      "exception.type": "PaymentError",
      "exception.message": "no money",
      "exception.stacktrace": expect.stringContaining(`${error.stack}\n[cause]: Error: bank is shut`),
      "exception.causes": [{ type: "Error", message: "bank is shut" }],
      service: "shop",
    });
    const { code, "exception.properties": properties } = record.attributes;
    expect([code, (properties as { readonly code?: unknown } | undefined)?.code]).toContain("E_PAID");
    for (const key of ["stack", "cause", "err", "error"]) expect(record.attributes).not.toHaveProperty(key);
  });

  test("child().error(error) keeps type, message, stack and cause", async () => {
    const { logger, takeOne } = bridge({ format: logFormat });
    logger.child({ requestId: "r1" }).error(new TypeError("boom", { cause: new Error("root") }));
    expect(await takeOne()).toMatchObject({
      body: "boom",
      attributes: {
        "exception.type": "TypeError",
        "exception.message": "boom",
        "exception.stacktrace": expect.stringContaining("TypeError: boom\n    at "),
        "exception.causes": [{ type: "Error", message: "root" }],
        requestId: "r1",
      },
    });
  });
});

test("a second error is an attribute", async () => {
  const { call, takeOne } = bridge();
  call["error"]!("both", new Error("first"), new Error("second"));
  expect((await takeOne()).attributes).toMatchObject({
    "exception.message": "first",
    error: { type: "Error", message: "second" },
  });
});

test("an error without a message, and one without a stack, are told", async () => {
  const { call, take } = bridge();
  const bare = new Error("bare");
  delete bare.stack;
  call["error"]!(new TypeError());
  call["error"]!(bare);
  expect((await take()).map(({ attributes }) => attributes["exception.type"])).toEqual([
    "TypeError",
    "Error",
  ]);
});
