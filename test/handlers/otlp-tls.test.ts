import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { otlpTlsOf } from "../../src/handlers/otlp-tls.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { configErrorOf, makeFolder, troublesOfTest } from "./fixture.ts";

const url = "https://localhost:4318/v1/logs";
const subject = 'handler "test"';
const ours = makeCertificate("ours");
const other = makeCertificate("other");

/** Files of certificates and keys, and one that is neither. */
function makeFiles(): Record<"ours" | "key" | "other" | "bad" | "missing", string> {
  const folder = makeFolder();
  const path = (name: string): string => join(folder, name);
  writeFileSync(path("ours"), ours.cert);
  writeFileSync(path("key"), ours.key);
  writeFileSync(path("other"), other.cert);
  writeFileSync(path("bad"), "no certificate");
  return {
    ours: path("ours"),
    key: path("key"),
    other: path("other"),
    bad: path("bad"),
    missing: path("none"),
  };
}

test("otlpTlsOf() takes the files of the variables, the signal's own first", () => {
  const files = makeFiles();
  const env = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: files.ours,
    OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE: files.other,
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: files.ours,
    OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY: files.key,
  };
  expect(otlpTlsOf(true, { url, subject, env })).toEqual({
    ca: other.cert,
    ...ours,
    files: { ca: files.other, cert: files.ours, key: files.key },
  });
});

test("otlpTlsOf() takes what is given before the variables, one by one", () => {
  const files = makeFiles();
  const env = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: files.ours,
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: files.other,
    OTEL_EXPORTER_OTLP_CLIENT_KEY: files.missing,
  };
  const troubles = troublesOfTest();
  expect(otlpTlsOf({ ...ours }, { url, subject, env })).toEqual({
    ca: ours.cert,
    ...ours,
    files: { ca: files.ours },
  });
  expect(troubles).toEqual([]);
});

test("otlpTlsOf() does not look at the variables for http: URLs", () => {
  const troubles = troublesOfTest();
  const env = { OTEL_EXPORTER_OTLP_CERTIFICATE: "/nowhere.pem" };
  expect(otlpTlsOf(true, { url: "http://localhost:4318/", subject, env })).toEqual({});
  expect(troubles).toEqual([]);
});

test.each([
  [
    "a file that is not there, and takes the general one",
    (files: ReturnType<typeof makeFiles>) => ({
      OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE: files.missing,
      OTEL_EXPORTER_OTLP_CERTIFICATE: files.ours,
    }),
    'OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE for handler "test": it must name a file that can be read',
    ours.cert,
  ],
  [
    "a file that holds no certificates",
    (files: ReturnType<typeof makeFiles>) => ({ OTEL_EXPORTER_OTLP_CERTIFICATE: files.bad }),
    "it must name a file of certificates in PEM",
    undefined,
  ],
  [
    "a certificate without a key",
    (files: ReturnType<typeof makeFiles>) => ({ OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: files.ours }),
    'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE for handler "test": it needs a client key beside it',
    undefined,
  ],
  [
    "a key without a certificate",
    (files: ReturnType<typeof makeFiles>) => ({ OTEL_EXPORTER_OTLP_CLIENT_KEY: files.key }),
    'OTEL_EXPORTER_OTLP_CLIENT_KEY for handler "test": it needs a client certificate beside it',
    undefined,
  ],
  [
    "a certificate and the key of another",
    (files: ReturnType<typeof makeFiles>) => ({
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: files.other,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: files.key,
    }),
    "it must name a certificate with the key of OTEL_EXPORTER_OTLP_CLIENT_KEY",
    undefined,
  ],
])("otlpTlsOf() reports and ignores %s", (_name, envOf, expected, ca) => {
  const troubles = troublesOfTest();
  const { files: _files, ...settings } = otlpTlsOf(true, { url, subject, env: envOf(makeFiles()) });
  expect(settings).toEqual(ca === undefined ? {} : { ca });
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain(expected);
  expect(troubles[0]).not.toContain("PRIVATE");
});

test("otlpTlsOf() refuses what is given and cannot be read", () => {
  const text = configErrorOf(() => otlpTlsOf({ ca: "/nowhere.pem" }, { url, subject, env: {} }));
  expect(text).toContain(
    '"tls.ca" is "/nowhere.pem", must be text of PEM or a file that can be read (ENOENT)',
  );
});
