import { expect, test } from "vitest";

import {
  createFormatter,
  describeFormatter,
  type OwnFormatterDescriptor,
} from "../../src/formatters/formatter-descriptor.ts";
import { FemtoDatadogFormatter } from "../../src/formatters/datadog-formatter.ts";
import { FemtoEcsFormatter } from "../../src/formatters/ecs-formatter.ts";
import { FemtoGelfFormatter } from "../../src/formatters/gelf-formatter.ts";
import { FemtoGoogleCloudFormatter } from "../../src/formatters/google-cloud-formatter.ts";
import { FemtoJsonFormatter } from "../../src/formatters/json-formatter.ts";
import { FemtoLogfmtFormatter } from "../../src/formatters/logfmt-formatter.ts";
import { FemtoPrettyFormatter } from "../../src/formatters/pretty-formatter.ts";
import { FemtoSplunkHecFormatter } from "../../src/formatters/splunk-hec-formatter.ts";
import { FemtoTextFormatter } from "../../src/formatters/text-formatter.ts";
import { format, makeRecord } from "./make-record.ts";

const record = makeRecord({ template: "x {a}", attributes: { a: 1 } });

test.each([
  new FemtoJsonFormatter({ time: "epoch-nanos", names: { msg: "message", severity: false } }),
  new FemtoJsonFormatter(),
  new FemtoTextFormatter({ utc: true, spanIds: false }),
  new FemtoPrettyFormatter({ colors: true }),
  new FemtoTextFormatter({ format: "{levelname:>8} {message}", style: "{", defaults: { a: 1 } }),
  new FemtoJsonFormatter({ preset: "pino" }),
  new FemtoLogfmtFormatter({ time: "epoch-seconds" }),
  new FemtoEcsFormatter({ dataset: "shop" }),
  new FemtoGelfFormatter({ host: "a" }),
  new FemtoDatadogFormatter({ service: "shop", env: "test" }),
  new FemtoSplunkHecFormatter({ fields: { zone: "a" } }),
  new FemtoGoogleCloudFormatter({ labels: { zone: "a" } }),
])(
  "createFormatter() makes the formatter again from its description, after a journey to another thread",
  (formatter) => {
    const arrived = structuredClone(describeFormatter(formatter)) as OwnFormatterDescriptor;
    const again = createFormatter(arrived);
    expect(Object.getPrototypeOf(again)).toBe(Object.getPrototypeOf(formatter));
    expect(format(again, record)).toBe(format(formatter, record));
  },
);

test("describeFormatter() does not describe formatters of the application, nor those that are derived from ours", () => {
  class Shouting extends FemtoTextFormatter {}
  const changed = Object.assign(new FemtoTextFormatter(), { format: () => {} });
  for (const formatter of [{ format: () => {} }, new Shouting(), changed]) {
    expect(describeFormatter(formatter)).toBeUndefined();
  }
});

test("createFormatter() refuses a kind that it does not know", () => {
  expect(() => createFormatter({ kind: "xml", options: {} } as unknown as OwnFormatterDescriptor)).toThrow(
    new RangeError(
      'Cannot make a formatter: its kind is "xml", must be one of json, text, pretty, logfmt, ecs, gelf, datadog, splunk-hec, google-cloud',
    ),
  );
});
